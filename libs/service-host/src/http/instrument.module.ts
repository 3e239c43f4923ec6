import { AsyncLocalStorage } from 'node:async_hooks';
import { createCounter, createHistogram, readBaggage, redactText, SpanKind, SpanStatusCode, withContext, withTraceparent, type Logger, type Metrics, type SlowWatch, type Span } from '@granary/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { baggageOf, requestIds, traceparentOf } from './request-ids';

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'];
const UNKNOWN_ROUTE = 'unknown';

/** What a client was told before a service opened its own routes, or after it closed them. */
const CLOSED_ROUTE = 'closed';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers as long as somebody listens: such a request is counted, and its time says nothing. */
    streams?: true;
  }
}

export type RequestMeter = ReturnType<typeof createRequestMeter>;

/** Rate, errors and duration of HTTP requests by route. Every series of a route exists from the moment the route does. */
export function createRequestMeter(metrics: Metrics, slow: SlowWatch) {
  const requests = createCounter<'method' | 'route' | 'status'>(metrics, {
    name: 'granary_http_requests_total',
    help: 'HTTP requests by the class of the answer; unknown is a path that nobody serves, closed one that nobody serves at the moment',
    labels: { method: ['GET'], route: [UNKNOWN_ROUTE, CLOSED_ROUTE], status: ['4xx', '5xx'] },
  });
  const seconds = createHistogram<'method' | 'route'>(metrics, {
    name: 'granary_http_request_seconds',
    help: 'Time from a request to the end of its answer; streams are not in it',
    labels: { method: ['GET'], route: [UNKNOWN_ROUTE] },
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2, 5, 10],
  });
  return {
    expect(method: string, route: string, streams: boolean): void {
      for (const status of STATUS_CLASSES) requests.inc({ method, route, status }, 0);
      if (!streams) seconds.zero({ method, route });
    },
    answered(method: string, route: string, code: number): void {
      requests.inc({ method, route, status: `${Math.trunc(code / 100)}xx` });
    },
    took(method: string, route: string, ms: number): void {
      seconds.observe({ method, route }, ms / 1_000);
      slow('http', `${method} ${route}`, ms);
    },
    closed: () => requests.inc({ method: 'GET', route: CLOSED_ROUTE, status: '5xx' }),
  };
}

/** Measures every request of an application. To be called before its routes are registered. */
export function measureRequests(fastify: FastifyInstance, meter: RequestMeter): void {
  fastify.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') meter.expect(one, url, config?.streams === true);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    // An unknown path is not a label: whoever scans for holes would fill the memory with series. Nor is HEAD, which every GET answers, too.
    const route = url ?? UNKNOWN_ROUTE;
    const method = url === undefined || request.method === 'HEAD' ? 'GET' : request.method;
    meter.answered(method, route, reply.statusCode);
    if (config?.streams !== true) meter.took(method, route, reply.elapsedTime);
    done();
  });
}

/** A refusal that says what was wrong with a request repeats parts of it; whoever put a secret there does not find it in the answer, nor in what stores answers. */
export function redactRefusals(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => done(null, reply.statusCode >= 400 && typeof payload === 'string' ? redactText(payload) : payload));
}

interface TraceOptions {
  readonly tenant: string;
  readonly newId: () => string;
  readonly log: Logger;
}

/** Runs every request of an application in a span and with its ids in the context, and answers with the request id. */
export function traceRequests(fastify: FastifyInstance, { tenant, newId, log }: TraceOptions): void {
  const contexts = new WeakMap<object, (work: () => void) => void>();
  fastify.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url ?? UNKNOWN_ROUTE;
    const { requestId, correlationId } = requestIds(request.headers, newId);
    reply.header('x-request-id', requestId);
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    withContext({ requestId, correlationId, tenant, ...readBaggage(baggageOf(request.headers)) }, () =>
      withTraceparent(
        traceparentOf(request.headers),
        `${request.method} ${route}`,
        attributes,
        (span) =>
          new Promise<void>((ended) => {
            reply.raw.once('close', () => {
              noteAnswer(span, request, reply);
              log.debug({ ...attributes, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request answered');
              ended();
            });
            contexts.set(request, AsyncLocalStorage.snapshot());
            done();
          }),
        SpanKind.SERVER,
      ),
    );
  });
  // Reading a body leaves the context in which the request began.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const enter = contexts.get(request);
    if (enter === undefined) done();
    else enter(() => done());
  });
}

/** As the semantic conventions of HTTP want it: what a client did wrong is no error of ours. */
function noteAnswer(span: Span, request: FastifyRequest, reply: FastifyReply): void {
  if (!span.isRecording()) return;
  const { statusCode } = reply;
  const sizes = { 'http.request.body.size': request.headers['content-length'], 'http.response.body.size': reply.getHeader('content-length') };
  span.setAttribute('http.response.status_code', statusCode);
  for (const [name, size] of Object.entries(sizes)) if (/^\d{1,15}$/.test(String(size))) span.setAttribute(name, Number(size));
  if (statusCode < 500) return;
  span.setAttribute('error.type', String(statusCode));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
