import { collectorOf, createCounter, pairsOf, startTracing, type Delivery, type Logger, type Metrics, type Tracing } from '@granary/observability';
import type { BaseConfig } from './config/base-config';

export interface TelemetryOptions {
  readonly service: string;
  readonly version: string;
  readonly config: Pick<BaseConfig, 'otlpEndpoint' | 'otlpTracesEndpoint' | 'otlpHeaders' | 'otlpTracesHeaders' | 'tracesSampler' | 'tracesSamplerArg' | 'resourceAttributes' | 'otelDisabled'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Traces of a service as its settings want them. A collector that does not answer costs spans and one line, never a request. */
export function startTelemetry({ service, version, config, metrics, log }: TelemetryOptions): Tracing {
  const collector = config.otelDisabled ? null : collectorOf({ endpoint: config.otlpEndpoint, tracesEndpoint: config.otlpTracesEndpoint, headers: config.otlpHeaders, tracesHeaders: config.otlpTracesHeaders });
  const spans = createCounter<'outcome'>(metrics, { name: 'granary_trace_spans_total', help: 'Spans by what became of them: taken by the collector, or lost', labels: { outcome: ['exported', 'failed'] } });
  return startTracing({
    service,
    version,
    collector,
    sampler: config.tracesSampler,
    ratio: config.tracesSamplerArg,
    resource: pairsOf(config.resourceAttributes),
    onDelivery: tellOnce(log, (delivery) => spans.inc({ outcome: delivery.error === undefined ? 'exported' : 'failed' }, delivery.spans)),
  });
}

/** One line when deliveries begin to fail, and one when they succeed again. */
function tellOnce(log: Logger, count: (delivery: Delivery) => void): (delivery: Delivery) => void {
  let failing = false;
  return (delivery) => {
    count(delivery);
    if (delivery.error !== undefined && !failing) log.warn({ err: delivery.error }, 'the collector of traces takes no spans; they are lost until it does, and nothing else is. granary_trace_spans_total counts them');
    if (delivery.error === undefined && failing) log.info('the collector takes spans again');
    failing = delivery.error !== undefined;
  };
}
