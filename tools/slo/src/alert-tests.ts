import { descriptionOf } from './alert-rules';
import type { AlertFile, AlertSource, AlertTest } from './alert-source';
import { budgetInTest } from './budget-text';

/** A file of `promtool test rules`. */
export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: string;
  readonly tests: readonly TestGroup[];
}

export interface TestGroup {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly object[];
  readonly promql_expr_test?: readonly object[];
}

const MINUTE = '1m';

/** Every alert of the file: quiet, firing with these labels and this text, and resolved. One file of tests for each interval. */
export function alertTests({ group, alerts }: AlertFile, runbook: (alert: string) => string): ReadonlyMap<string, TestFile> {
  const tests = alerts.flatMap((source) => source.tests.map((test, index) => ({ every: test.every ?? MINUTE, group: testOf(source, test, index, runbook) })));
  const byInterval = Map.groupBy(tests, ({ every }) => every);
  return new Map([...byInterval].map(([every, of]) => [every === MINUTE ? group : `${group}-${every}`, { rule_files: [`../rules/${group}.yaml`], evaluation_interval: every, tests: of.map((one) => one.group) }]));
}

function testOf(source: AlertSource, { every = MINUTE, series, quietAt, firesAt, resolvedAt, labels, says }: AlertTest, index: number, runbook: (alert: string) => string): TestGroup {
  const { alert, severity, summary, objective } = source;
  const budget = objective === undefined ? null : budgetInTest(objective);
  const annotations = { summary: withLabels(summary, labels), description: descriptionOf(source, says, budget?.says), runbook_url: runbook(alert) };
  return {
    name: index === 0 ? alert : `${alert}, ${index + 1}`,
    interval: every,
    input_series: [...Object.entries(series).map(([one, values]) => ({ series: one, values })), ...(budget?.series ?? [])],
    alert_rule_test: [
      { eval_time: quietAt, alertname: alert, exp_alerts: [] },
      { eval_time: firesAt, alertname: alert, exp_alerts: [{ exp_labels: { severity, ...labels }, exp_annotations: annotations }] },
      { eval_time: resolvedAt, alertname: alert, exp_alerts: [] },
    ],
  };
}

/** Summaries name labels and nothing else. */
const withLabels = (summary: string, labels: AlertTest['labels'] = {}): string => summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_whole, label: string) => labels[label] ?? '');
