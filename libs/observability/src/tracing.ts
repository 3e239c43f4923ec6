import { createRequire } from 'node:module';
import { context, isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, BasicTracerProvider, BatchSpanProcessor, ParentBasedSampler, SimpleSpanProcessor, TraceIdRatioBasedSampler, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { redactText } from './redact';

export type { Span } from '@opentelemetry/api';
export { SpanKind } from '@opentelemetry/api';
export type SpanAttributes = Attributes;

const SCOPE = 'granary';
/** Time to deliver one batch of spans, repetitions included. */
const DELIVERY_MS = 2_000;

export interface TracingOptions {
  readonly service: string;
  readonly version?: string;
  /** Base address of an OTLP/HTTP collector; spans are made but sent nowhere when left out. */
  readonly otlpEndpoint?: string | undefined;
  /** Share of new traces that are recorded, 0 to 1; 1 when left out. A trace that arrives from elsewhere keeps its own decision. */
  readonly ratio?: number;
  /** Receives finished spans instead of a collector, at once. */
  readonly exporter?: SpanExporter;
}

export interface Tracing {
  /** Sends what is still waiting, for two seconds at most, and lets go. Never throws: an absent collector must not spoil a shutdown. */
  stop(): Promise<void>;
}

let running: { provider: BasicTracerProvider; users: number } | undefined;

/**
 * Makes trace ids exist and travel in this process. OpenTelemetry knows one provider a process, so a second caller
 * shares the first one's, which ends with its last user.
 */
export function startTracing(options: TracingOptions): Tracing {
  running ??= { provider: register(options), users: 0 };
  running.users += 1;
  let stopped = false;
  return {
    stop: async () => {
      if (stopped) return;
      stopped = true;
      await release();
    },
  };
}

/** The W3C traceparent of the span around the caller, to be sent along; undefined outside of any span. */
export function injectTraceparent(): string | undefined {
  const ids = activeSpanContext();
  return ids && `00-${ids.traceId}-${ids.spanId}-${ids.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs `work` in a new span under the one around the caller. A thrown error (or rejection) is recorded on the span and passed on. */
export function withSpan<R>(name: string, attributes: SpanAttributes, work: (span: Span) => R, kind: SpanKind = SpanKind.INTERNAL): R {
  return runInSpan(context.active(), name, attributes, work, kind);
}

/** Like `withSpan`, under a parent that came over the wire. Without a valid traceparent a new trace begins. */
export function withTraceparent<R>(traceparent: string | undefined, name: string, attributes: SpanAttributes, work: (span: Span) => R, kind: SpanKind = SpanKind.CONSUMER): R {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return runInSpan(parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }), name, attributes, work, kind);
}

/** The ids of the span around the caller as log fields. */
export function activeSpanIds(): { trace_id?: string; span_id?: string } {
  const ids = activeSpanContext();
  return ids === undefined ? {} : { trace_id: ids.traceId, span_id: ids.spanId };
}

function activeSpanContext(): SpanContext | undefined {
  const ids = trace.getActiveSpan()?.spanContext();
  return ids !== undefined && isSpanContextValid(ids) ? ids : undefined;
}

function runInSpan<R>(parent: Context, name: string, attributes: SpanAttributes, work: (span: Span) => R, kind: SpanKind): R {
  const span = trace.getTracer(SCOPE).startSpan(name, { kind, attributes }, parent);
  const end = (): void => span.end();
  const fail = (error: unknown): never => {
    recordFailure(span, error);
    end();
    throw error;
  };
  return context.with(trace.setSpan(parent, span), () => {
    try {
      const result = work(span);
      if (result instanceof Promise) return result.then((value: unknown) => (end(), value), fail) as R;
      end();
      return result;
    } catch (error) {
      return fail(error);
    }
  });
}

function recordFailure(span: Span, error: unknown): void {
  const message = redactText(error instanceof Error ? error.message : String(error));
  span.recordException({ name: error instanceof Error ? error.name : typeof error, message });
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

function register({ service, version, otlpEndpoint, ratio = 1, exporter }: TracingOptions): BasicTracerProvider {
  const processor = processorFor(otlpEndpoint, exporter);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, ...(version === undefined ? {} : { 'service.version': version }) }),
    // Without a receiver nothing new is recorded: ids are still made, at next to no cost.
    sampler: new ParentBasedSampler({ root: processor === undefined ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: processor === undefined ? [] : [processor],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return provider;
}

function processorFor(otlpEndpoint: string | undefined, exporter: SpanExporter | undefined): SpanProcessor | undefined {
  if (exporter !== undefined) return new SimpleSpanProcessor(exporter);
  return otlpEndpoint === undefined ? undefined : new BatchSpanProcessor(otlpExporter(otlpEndpoint));
}

function otlpExporter(endpoint: string): SpanExporter {
  // Loaded here and not above: the exporter costs start-up time that most processes need not pay.
  const { OTLPTraceExporter } = createRequire(__filename)('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: DELIVERY_MS });
}

async function release(): Promise<void> {
  if (running === undefined) return;
  running.users -= 1;
  if (running.users > 0) return;
  const { provider } = running;
  running = undefined;
  trace.disable();
  context.disable();
  propagation.disable();
  await provider.shutdown().catch(() => undefined);
}
