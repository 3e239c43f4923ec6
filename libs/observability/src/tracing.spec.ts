import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-base';
import { injectTraceparent, isSampled, recordSpan, SpanKind, startTracing, withInnerSpan, withSpan, withTraceparent, type Delivery, type Tracing } from './tracing';

const REMOTE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('without a receiver', () => {
  let tracing: Tracing;
  beforeEach(() => {
    tracing = startTracing({ service: 'test' });
  });
  afterEach(() => tracing.stop());

  it('makes ids that travel, unsampled', () => {
    expect(injectTraceparent()).toBeUndefined();
    const [outer, inner] = withSpan('outer', {}, () => [injectTraceparent(), withSpan('inner', {}, () => injectTraceparent())]);
    expect(outer).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(inner?.slice(0, 35)).toBe(outer?.slice(0, 35));
    expect(inner).not.toBe(outer);
  });

  it('goes on with a trace from elsewhere and with its decision', () => {
    const here = withTraceparent(REMOTE, 'handle', {}, () => injectTraceparent());
    expect(here).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/);
    expect(here).not.toBe(REMOTE);
  });

  it.each([undefined, '', 'nonsense', '00-00000000000000000000000000000000-b7ad6b7169203331-01'])('begins a new trace for %p, also inside of a span', (traceparent) => {
    const [outer, inner] = withSpan('outer', {}, () => [injectTraceparent(), withTraceparent(traceparent, 'handle', {}, () => injectTraceparent())]);
    expect(inner).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    expect(inner?.slice(0, 35)).not.toBe(outer?.slice(0, 35));
  });

  it('keeps the span over awaits', async () => {
    const [before, after] = await withSpan('outer', {}, async () => {
      const first = injectTraceparent();
      await new Promise(setImmediate);
      return [first, injectTraceparent()];
    });
    expect(after).toBe(before);
  });
});

describe('with a receiver', () => {
  it('delivers spans with names, kinds, attributes and the service', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'normalizer', version: '1.2.3', exporter });
    await withTraceparent(REMOTE, 'normalize', { 'granary.modules': 3 }, () => Promise.resolve());
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ name: 'normalize', kind: SpanKind.CONSUMER, attributes: { 'granary.modules': 3 }, parentSpanContext: { spanId: 'b7ad6b7169203331' } });
    expect(span?.resource.attributes).toEqual({ 'service.name': 'normalizer', 'service.version': '1.2.3' });
    await tracing.stop();
  });

  it.each([
    ['thrown', () => { throw new RangeError('no https://u:p@h'); }],
    ['rejected', () => Promise.reject(new RangeError('no https://u:p@h'))],
  ])('records an error that is %s, without credentials, and passes it on', async (_, work) => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter });
    await expect((async () => withSpan('work', {}, work))()).rejects.toThrow(new RangeError('no https://u:p@h'));
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ status: { code: 2, message: 'no https://[redacted]@h' }, attributes: { 'error.type': 'RangeError' }, events: [{ attributes: { 'exception.type': 'RangeError', 'exception.message': 'no https://[redacted]@h' } }] });
    await tracing.stop();
  });

  it('records what is thrown though it is no error', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter });
    expect(() => withSpan('work', {}, () => { throw 'text'; })).toThrow('text');
    expect(exporter.getFinishedSpans()).toMatchObject([{ status: { message: 'text' } }]);
    await tracing.stop();
  });

  it('samples new traces by ratio', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter, ratio: 0 });
    withSpan('new', {}, () => undefined);
    withTraceparent(REMOTE, 'decided elsewhere', {}, () => undefined);
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(['decided elsewhere']);
    await tracing.stop();
  });

  it.each([
    ['always_off', []],
    ['traceidratio', []],
    ['parentbased_always_off', ['decided elsewhere']],
    ['parentbased_always_on', ['new', 'decided elsewhere']],
    ['always_on', ['new', 'decided elsewhere']],
  ] as const)('samples as %s says', async (sampler, expected) => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter, sampler, ratio: 0 });
    withSpan('new', {}, () => undefined);
    withTraceparent(REMOTE, 'decided elsewhere', {}, () => undefined);
    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(expected);
    await tracing.stop();
  });

  it('begins no trace for what happens often, and records it inside of one', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter, resource: { 'deployment.environment.name': 'test' } });
    expect(withInnerSpan('alone', () => ({}), (span) => span)).toBeNull();
    withSpan('outer', {}, () => withInnerSpan('inner', () => ({ a: 1 }), (span) => span?.setAttribute('b', 2)));
    expect(exporter.getFinishedSpans().map(({ name, attributes, resource }) => [name, attributes, resource.attributes['deployment.environment.name']])).toEqual([['inner', { a: 1, b: 2 }, 'test'], ['outer', {}, 'test']]);
    await tracing.stop();
  });

  it('records what is over, where the trace wants it', async () => {
    const exporter = new InMemorySpanExporter();
    const tracing = startTracing({ service: 'test', exporter });
    expect([isSampled(REMOTE), isSampled(`${REMOTE.slice(0, -2)}00`), isSampled(undefined), isSampled('x')]).toEqual([true, false, false, false]);
    recordSpan(REMOTE, 'send', { size: 3 }, Date.now() - 5, SpanKind.PRODUCER);
    recordSpan('nonsense', 'send', {}, Date.now(), SpanKind.PRODUCER);
    const spans = exporter.getFinishedSpans();
    expect(spans).toMatchObject([{ name: 'send', kind: SpanKind.PRODUCER, attributes: { size: 3 }, parentSpanContext: { spanId: REMOTE.slice(36, 52) } }]);
    await tracing.stop();
    expect(isSampled(REMOTE)).toBe(false);
  });

  it('sends to a collector with the headers it asks for, at the latest when it stops, and tells when it does not take them', async () => {
    const asked: (string | undefined)[][] = [];
    let status = 200;
    const server = createServer((request, response) => {
      asked.push([request.url, request.headers['x-sentry-auth'] as string | undefined, request.headers['content-type']]);
      request.resume().on('end', () => response.writeHead(status).end('{}'));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const deliveries: Delivery[] = [];
    const send = async () => {
      const tracing = startTracing({ service: 'test', collector: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/traces`, headers: { 'x-sentry-auth': 'sentry sentry_key=abc' } }, onDelivery: (delivery) => deliveries.push(delivery) });
      withSpan('work', {}, () => undefined);
      await tracing.stop();
    };
    await send();
    status = 400;
    await send();
    expect(asked).toEqual([1, 2].map(() => ['/traces', 'sentry sentry_key=abc', 'application/json']));
    expect(deliveries).toEqual([{ spans: 1 }, { spans: 1, error: expect.any(Error) as Error }]);
    await new Promise((closed) => server.close(closed));
  });
});

it('does not wait long for a collector that is not there', async () => {
  const tracing = startTracing({ service: 'test', collector: { url: 'http://127.0.0.1:1/v1/traces', headers: {} } });
  withSpan('work', {}, () => undefined);
  const begun = performance.now();
  await tracing.stop();
  expect(performance.now() - begun).toBeLessThan(4_000);
});

it('is shared by all users of a process and ends with the last', async () => {
  const [first, second] = [startTracing({ service: 'one' }), startTracing({ service: 'two' })];
  await first.stop();
  await first.stop();
  expect(withSpan('work', {}, injectTraceparent)).toBeDefined();
  await second.stop();
  expect(withSpan('work', {}, injectTraceparent)).toBeUndefined();
});
