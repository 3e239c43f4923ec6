import { Fault } from '@granary/faults';

export type Labels = Readonly<Record<string, string>>;

/** One series of an answer, at one time. */
export interface Sample {
  readonly labels: Labels;
  /** May be NaN or infinite. */
  readonly value: number;
}

/** One series of an answer, over a time. */
export interface Range {
  readonly labels: Labels;
  /** In their order: seconds since 1970, and the value. */
  readonly values: readonly (readonly [number, number])[];
}

export interface RangeOf {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: number;
}

export interface PrometheusClient {
  /**
   * What an expression is now, or at a time. A scalar is a sample without labels.
   * @throws Fault `bad-query` with what Prometheus says about the expression, `prometheus-unreachable`
   */
  query(promql: string, at?: Date): Promise<Sample[]>;
  /** The same over a time, as a panel of a dashboard asks. */
  queryRange(promql: string, range: RangeOf): Promise<Range[]>;
  /** The labels, with `__name__`, of all series that a selector matches and that had a value within the last five minutes. */
  series(match: string): Promise<Labels[]>;
  targets(): Promise<Target[]>;
  ruleGroups(): Promise<RuleGroup[]>;
}

export interface Target {
  readonly labels: Labels;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastScrape: Date;
  readonly lastError: string;
}

export interface RuleGroup {
  readonly name: string;
  readonly lastEvaluation: Date;
  readonly rules: readonly { readonly name: string; readonly type: 'alerting' | 'recording'; readonly health: 'ok' | 'err' | 'unknown'; readonly lastError: string }[];
}

const ASK_MS = 30_000;

/** Prometheus' HTTP API (https://prometheus.io/docs/prometheus/3.5/querying/api/). @param url without a path */
export function prometheusClient(url: string): PrometheusClient {
  const ask = <T>(path: string, parameters: Readonly<Record<string, string>>) => askPrometheus<T>(`${url}/api/v1/${path}`, parameters);
  return {
    async query(promql, at) {
      const { resultType, result } = await ask<Answer>('query', { query: promql, ...(at && { time: at.toISOString() }) });
      if (resultType === 'scalar') return [{ labels: {}, value: valueOf(result[1]) }];
      return result.map(({ metric, value }) => ({ labels: metric, value: valueOf(value[1]) }));
    },
    async queryRange(promql, { from, to, stepSeconds }) {
      const { result } = await ask<{ result: { metric: Labels; values: [number, string][] }[] }>('query_range', { query: promql, start: from.toISOString(), end: to.toISOString(), step: String(stepSeconds) });
      return result.map(({ metric, values }) => ({ labels: metric, values: values.map(([time, value]) => [time, valueOf(value)] as const) }));
    },
    series: (match) => ask('series', { 'match[]': match, start: String(Date.now() / 1000 - 300) }),
    async targets() {
      const { activeTargets } = await ask<{ activeTargets: { labels: Labels; health: Target['health']; lastScrape: string; lastError: string }[] }>('targets', { state: 'active' });
      return activeTargets.map(({ labels, health, lastScrape, lastError }) => ({ labels, health, lastScrape: new Date(lastScrape), lastError }));
    },
    async ruleGroups() {
      const { groups } = await ask<{ groups: { name: string; lastEvaluation: string; rules: (RuleGroup['rules'][number] & { lastError?: string })[] }[] }>('rules', {});
      return groups.map(({ name, lastEvaluation, rules }) => ({
        name,
        lastEvaluation: new Date(lastEvaluation),
        rules: rules.map(({ name: rule, type, health, lastError = '' }) => ({ name: rule, type, health, lastError })),
      }));
    },
  };
}

/** Prometheus writes `+Inf`, which is no number to JavaScript. */
const valueOf = (text: string): number => Number(text.replace('Inf', 'Infinity'));

type Answer = { resultType: 'scalar'; result: [number, string] } | { resultType: 'vector'; result: { metric: Labels; value: [number, string] }[] };

async function askPrometheus<T>(address: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const url = new URL(address);
  url.search = new URLSearchParams(parameters).toString();
  const response = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).catch((cause: unknown) => {
    throw Fault.transient('prometheus-unreachable', `Prometheus at ${url.origin} does not answer: ${Fault.from(cause).message}`, { cause });
  });
  const body = (await response.json().catch(() => null)) as { status: 'success'; data: T } | { status: 'error'; error: string } | null;
  if (body?.status === 'success') return body.data;
  const said = body?.error ?? `status ${response.status}`;
  if (response.status >= 500) throw Fault.transient('prometheus-unreachable', `Prometheus at ${url.origin} cannot answer: ${said}`);
  throw Fault.permanent('bad-query', `Prometheus refuses ${parameters['query'] ?? url.pathname}: ${said}`);
}
