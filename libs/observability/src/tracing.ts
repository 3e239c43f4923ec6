import { createRequire } from 'node:module';
import { context, isSpanContextValid, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Attributes, type Context, type Span, type SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOffSampler, AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor, ParentBasedSampler, SimpleSpanProcessor, TraceIdRatioBasedSampler, type ReadableSpan, type Sampler, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Collector, SamplerName } from './otlp-settings';
import { redactText } from './redact';

export type { Span } from '@opentelemetry/api';
export { SpanKind, SpanStatusCode } from '@opentelemetry/api';
export type SpanAttributes = Attributes;

const SCOPE = 'granary';
/** Time to deliver one batch of spans, repetitions included. */
const DELIVERY_MS = 2_000;

export interface TracingOptions {
  readonly service: string;
  readonly version?: string;
  /** Where an OTLP/HTTP collector takes spans; they are made but sent nowhere when left out. */
  readonly collector?: Collector | null;
  /** `parentbased_traceidratio` when left out: what arrives from elsewhere keeps its own decision. */
  readonly sampler?: SamplerName;
  /** Share of new traces that are recorded, 0 to 1, for samplers that have one; 1 when left out. */
  readonly ratio?: number;
  /** What else is true of everything this process tells, as `OTEL_RESOURCE_ATTRIBUTES` says it. */
  readonly resource?: Readonly<Record<string, string>>;
  /** Told of every batch that a collector took or did not take. */
  readonly onDelivery?: (delivery: Delivery) => void;
  /** Receives finished spans instead of a collector, at once. */
  readonly exporter?: SpanExporter;
}

export interface Delivery {
  readonly spans: number;
  /** Why the collector did not take them; they are lost then. */
  readonly error?: Error | undefined;
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

/**
 * Like `withSpan`, but only inside of a span that is recorded: what happens often and on its own, as looking for work does,
 * begins no trace. `work` gets null where nothing is recorded.
 */
export function withInnerSpan<R>(name: string, attributes: () => SpanAttributes, work: (span: Span | null) => R, kind: SpanKind = SpanKind.INTERNAL): R {
  return trace.getActiveSpan()?.isRecording() === true ? runInSpan(context.active(), name, attributes(), work, kind) : work(null);
}

/** Says more of the span around the caller, where one is recorded. */
export function noteInSpan(attributes: () => SpanAttributes): void {
  const span = trace.getActiveSpan();
  if (span?.isRecording() === true) span.setAttributes(attributes());
}

/** Whether spans under a W3C traceparent are recorded, by what it says. */
export function isSampled(traceparent: string | undefined): boolean {
  return traceparent !== undefined && running !== undefined && /^00-[\da-f]{32}-[\da-f]{16}-[\da-f][13579bdf]$/.test(traceparent);
}

/** Records what is over already, under a parent that came over the wire. @param begunAt ms since 1970 */
export function recordSpan(traceparent: string, name: string, attributes: SpanAttributes, begunAt: number, kind: SpanKind): void {
  const parent = parseTraceParent(traceparent);
  if (parent === null) return;
  trace.getTracer(SCOPE).startSpan(name, { kind, attributes, startTime: begunAt }, trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })).end();
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
  // Some receivers drop events of spans; status and attribute stay.
  span.setAttribute('error.type', errorType(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** The code of a fault or of a driver's error, which are few; else the class. */
function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  if ('code' in error && typeof error.code === 'string') return redactText(error.code);
  return error instanceof Error ? error.name : 'object';
}

function register({ service, version, collector, sampler, ratio = 1, resource = {}, exporter, onDelivery }: TracingOptions): BasicTracerProvider {
  const processor = exporter === undefined ? collector && new BatchSpanProcessor(telling(otlpExporter(collector), onDelivery)) : new SimpleSpanProcessor(exporter);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ ...resource, 'service.name': service, ...(version === undefined ? {} : { 'service.version': version }) }),
    // Without a receiver nothing new is recorded: ids are still made, at next to no cost.
    sampler: processor ? samplerOf(sampler, ratio) : new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    spanProcessors: processor ? [processor] : [],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return provider;
}

function samplerOf(name: SamplerName = 'parentbased_traceidratio', ratio: number): Sampler {
  const root = name.endsWith('always_on') ? new AlwaysOnSampler() : name.endsWith('always_off') ? new AlwaysOffSampler() : new TraceIdRatioBasedSampler(ratio);
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

/** Says of every batch what became of it, which the processor keeps to itself. */
function telling(exporter: SpanExporter, onDelivery: TracingOptions['onDelivery']): SpanExporter {
  return {
    export: (spans: ReadableSpan[], done) =>
      exporter.export(spans, (result) => {
        onDelivery?.({ spans: spans.length, ...(result.code === ExportResultCode.SUCCESS ? {} : { error: result.error ?? new Error('the collector did not take spans') }) });
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

function otlpExporter({ url, headers }: Collector): SpanExporter {
  // Loaded here and not above: the exporter costs start-up time that most processes need not pay.
  const { OTLPTraceExporter } = createRequire(__filename)('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  return new OTLPTraceExporter({ url, headers, timeoutMillis: DELIVERY_MS });
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
