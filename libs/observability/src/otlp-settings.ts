// The standard variables of OpenTelemetry, as far as they speak of traces.

/** `OTEL_TRACES_SAMPLER` of the specification, without those that need more than a ratio. */
export const SAMPLERS = ['always_on', 'always_off', 'traceidratio', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const;
export type SamplerName = (typeof SAMPLERS)[number];

/** Where spans go and which headers take them there. */
export interface Collector {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CollectorSettings {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`: of all signals, to which the path of traces is added. */
  readonly endpoint?: string | undefined;
  /** `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`: of traces alone, taken as it stands. */
  readonly tracesEndpoint?: string | undefined;
  /** `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TRACES_HEADERS`, of which the latter count. */
  readonly headers?: string | undefined;
  readonly tracesHeaders?: string | undefined;
}

/** Null when no collector is named. */
export function collectorOf({ endpoint, tracesEndpoint, headers, tracesHeaders }: CollectorSettings): Collector | null {
  const url = tracesEndpoint ?? (endpoint === undefined ? undefined : `${endpoint.replace(/\/+$/, '')}/v1/traces`);
  return url === undefined ? null : { url, headers: { ...pairsOf(headers), ...pairsOf(tracesHeaders) } };
}

/** `a=1,b=2`, values percent-encoded where they hold a comma: of headers and of `OTEL_RESOURCE_ATTRIBUTES`. What is no pair is left out. */
export function pairsOf(text: string | undefined): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const pair of text?.split(',') ?? []) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    if (at > 0 && name !== '') pairs[name] = decoded(pair.slice(at + 1).trim());
  }
  return pairs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
