// What telling of oneself costs: spans of a request and of an event, with and without a collector, and the masking of log lines. On and off by turns, in one run.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, injectTraceparent, recordSpan, redactFields, redactText, SpanKind, startTracing, withContext, withInnerSpan, withTraceparent } from '@granary/observability';
import pino from 'pino';
import { quantile } from './figures.ts';

const HARVESTED = { jobId: '01a1feea-4c44-7308-9fcc-fcedc660e547', repositoryId: '01a1feea-4c44-7308-9fcc-fcedc660e548', name: 'shop', attempt: 1, files: 1_247, analysed: 1_247, imports: 3_276, totalMs: 2_031 };
const EVENT = JSON.stringify({ specversion: '1.0', type: 'harvest.completed.v1', source: 'granary/harvester', data: { ...HARVESTED, commit: 'a'.repeat(40), languages: Array.from({ length: 5 }, (_, at) => ({ language: `l${at}`, files: at, bytes: at * 1_000 })) } });

/** @param quick shorter runs, to see that everything works */
export async function benchTelling(quick: boolean): Promise<object> {
  const rounds = quick ? 2_000 : 20_000;
  const collector = createServer((request, response) => void request.resume().on('end', () => response.end('{}')));
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  const tracing = startTracing({ service: 'bench', collector: { url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`, headers: {} } });
  try {
    return {
      unit: 'milliseconds for one of each; ratio of the medians',
      tracePerRequest: await compare(rounds, (on) => request(on)),
      tracePerEvent: await compare(rounds, (on) => event(on)),
      redactionPerLogLine: await compare(rounds, lines()),
      redactionPerError: await compare(Math.ceil(rounds / 4), errors()),
      redactionPerEvent: await compare(rounds, (on) => (on ? redactText(EVENT) : EVENT).length),
    };
  } finally {
    await tracing.stop();
    collector.closeAllConnections();
    collector.close();
  }
}

const REMOTE = (on: boolean): string => `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0${on ? 1 : 0}`;
const turn = (): Promise<void> => Promise.resolve();
const inner = (name: string, kind: SpanKind, work: () => Promise<void>): Promise<void> => withInnerSpan(name, () => ({ 'db.system.name': 'postgresql', 'granary.input.bytes': 700 }), work, kind);

/** As many spans as a request has that calls a service which writes: the request, the call on both sides, a transaction, a statement. */
function request(on: boolean): Promise<void> {
  return withContext({ correlationId: 'c', tenant: 'default' }, () =>
    withTraceparent(REMOTE(on), 'POST /v1/repositories', { 'http.request.method': 'POST', 'http.route': '/v1/repositories' }, () =>
      inner('rpc', SpanKind.CLIENT, () => withTraceparent(injectTraceparent(), 'rpc', { 'rpc.method': 'x' }, () => inner('transaction', SpanKind.CLIENT, () => inner('select', SpanKind.CLIENT, turn)), SpanKind.SERVER)), SpanKind.SERVER),
  );
}

/** An event on its way: sent, handled, its effects. */
async function event(on: boolean): Promise<void> {
  if (on) recordSpan(REMOTE(on), 'send', { 'messaging.system': 'nats' }, Date.now(), SpanKind.PRODUCER);
  await withContext({ correlationId: 'c', tenant: 'default' }, () => withTraceparent(REMOTE(on), 'handle', { 'messaging.system': 'nats', 'messaging.message.id': 'x' }, () => inner('transaction', SpanKind.CLIENT, turn)));
}

const nowhere = { write: () => undefined };

function lines() {
  const [masking, plain] = [createLogger({ service: 'bench', level: 'info', destination: nowhere }), pino({ base: { service: 'bench', pid: 1 } }, nowhere)];
  return (on: boolean) => (on ? masking : plain).info(HARVESTED, 'harvest completed');
}

function errors() {
  const error = new Error('no connection to the database', { cause: new Error('connect ECONNREFUSED 127.0.0.1:5432') });
  return (on: boolean) => JSON.stringify(on ? redactFields({ err: error }) : { message: error.message, stack: error.stack });
}

interface Compared {
  readonly on: { readonly median: number; readonly p99: number };
  readonly off: { readonly median: number; readonly p99: number };
  readonly ratio: number;
  readonly addedMedian: number;
}

/** Does the same with and without by turns, so that whatever else the machine does meets both. */
async function compare(rounds: number, work: (on: boolean) => unknown): Promise<Compared> {
  const times: Record<'on' | 'off', number[]> = { on: [], off: [] };
  for (let round = -200; round < rounds; round += 1) {
    for (const mode of ['on', 'off'] as const) {
      const begun = performance.now();
      await work(mode === 'on');
      if (round >= 0) times[mode].push(performance.now() - begun);
    }
    // The exporter sends between rounds, as it does between requests.
    if (round % 200 === 0) await new Promise(setImmediate);
  }
  const figures = (values: readonly number[]) => ({ median: round4(quantile(values, 0.5)), p99: round4(quantile(values, 0.99)) });
  const [on, off] = [figures(times.on), figures(times.off)];
  return { on, off, ratio: round4(on.median / off.median), addedMedian: round4(on.median - off.median) };
}

const round4 = (value: number): number => Math.round(value * 1e4) / 1e4;
