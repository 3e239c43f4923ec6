// What the trace of one request to add a repository looks like, from the request to the graph.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@granary/testing';
import type { CollectedSpan, Collector } from './collector.ts';

/** The span of whoever asks. */
export const CALLER = '00f067aa0ba902b7';

const WANTED = ['POST /v1/repositories', 'rpc harvester.repository.add', 'transaction', 'send harvest.requested.v1', 'harvest', 'send harvest.completed.v1', 'handle harvest.completed.v1', 'send graph.normalized.v1'];
const aNumber = (): unknown => expect.any(Number);

/** Every stage is there, and each span hangs on another one, up to the caller's. */
export async function expectOneTrace({ spans: all }: Collector, traceId: string): Promise<void> {
  const ofTrace = (): CollectedSpan[] => all.filter((span) => span.traceId === traceId);
  // What is missing then is told by name below.
  await waitFor(() => WANTED.every((name) => ofTrace().some((span) => span.name === name)), { timeoutMs: 60_000, what: 'the spans' }).catch(() => undefined);
  const spans = ofTrace();
  expect([...new Set(spans.map(({ name }) => name))]).toEqual(expect.arrayContaining(WANTED));
  // Spans of a process come together; the last ones may hang on one that is still open.
  const loose = () => {
    const ids = new Set([CALLER, ...ofTrace().map(({ spanId }) => spanId)]);
    return ofTrace().filter(({ parentSpanId }) => parentSpanId === null || !ids.has(parentSpanId));
  };
  await waitFor(() => loose().length === 0, { timeoutMs: 20_000, what: 'the parents of all spans' }).catch(() => undefined);
  expect(loose()).toEqual([]);
  const attributesOf = (name: string, service: string) => spans.find((span) => span.name === name && span.service === service)?.attributes;
  expect(attributesOf('POST /v1/repositories', 'gateway')).toMatchObject({ 'http.request.method': 'POST', 'http.route': '/v1/repositories', 'http.response.status_code': aNumber() });
  expect(attributesOf('rpc harvester.repository.add', 'harvester')).toMatchObject({ 'rpc.method': 'harvester.repository.add', 'granary.input.bytes': aNumber(), 'granary.output.bytes': aNumber() });
  expect(attributesOf('transaction', 'normalizer')).toMatchObject({ 'db.system.name': 'postgresql' });
  expect(attributesOf('harvest', 'harvester')).toMatchObject({ 'granary.input.bytes': aNumber(), 'granary.output.bytes': aNumber(), 'granary.harvest.state': 'completed' });
  expect(attributesOf('handle harvest.completed.v1', 'normalizer')).toMatchObject({ 'messaging.system': 'nats', 'granary.input.bytes': aNumber(), 'granary.output.bytes': aNumber() });
}

/** Every service on the way has logged with the ids of the work. */
export function expectLinesOfTrace(data: string, traceId: string, ids: object): void {
  for (const service of ['gateway', 'harvester', 'normalizer']) {
    const lines = readFileSync(join(data, 'logs', `${service}.log`), 'utf8').split('\n').filter((line) => line.includes(traceId)).map((line) => JSON.parse(line) as object);
    expect([service, lines[0]]).toEqual([service, expect.objectContaining({ ...ids, trace_id: traceId, correlation_id: expect.any(String) as string, span_id: expect.any(String) as string })]);
  }
}
