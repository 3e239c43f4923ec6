import { AsyncLocalStorage } from 'node:async_hooks';
import { createHistogram, SpanKind, withContext, withTraceparent, type Logger, type Metrics } from '@granary/observability';
import type { FastifyInstance } from 'fastify';
import { requestIds, traceparentOf } from './request-ids';

const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'];
const UNKNOWN_ROUTE = 'unknown';

export type RequestMeter = ReturnType<typeof createRequestMeter>;

/** Rate, errors and duration of HTTP requests by route. Every series of a route exists from the moment the route does. */
export function createRequestMeter(metrics: Metrics) {
  const seconds = createHistogram<'method' | 'route' | 'status'>(metrics, {
    name: 'granary_http_request_seconds',
    help: 'Time from a request to the end of its answer',
    labels: { method: ['GET'], route: [UNKNOWN_ROUTE], status: ['4xx'] },
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
  });
  return {
    expect(method: string, route: string): void {
      for (const status of STATUS_CLASSES) seconds.zero({ method, route, status });
    },
    observe: seconds.observe.bind(seconds),
  };
}

/** Measures every request of an application. To be called before its routes are registered. */
export function measureRequests(fastify: FastifyInstance, meter: RequestMeter): void {
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') meter.expect(one, url);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // An unknown path is not a label: whoever scans for holes would fill the memory with series.
    const route = request.routeOptions.url ?? UNKNOWN_ROUTE;
    const method = route === UNKNOWN_ROUTE ? 'GET' : request.method;
    meter.observe({ method, route, status: `${Math.trunc(reply.statusCode / 100)}xx` }, reply.elapsedTime / 1_000);
    done();
  });
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
    withContext({ requestId, correlationId, tenant }, () =>
      withTraceparent(
        traceparentOf(request.headers),
        `${request.method} ${route}`,
        attributes,
        (span) =>
          new Promise<void>((ended) => {
            reply.raw.once('close', () => {
              span.setAttribute('http.response.status_code', reply.statusCode);
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
