import { join } from 'node:path';
import { parse } from 'yaml';
import { readFiles } from './files.store';
import { GENERATED, generateRules, type Files } from './generate';
import { metricsOf } from './metrics-of';

const root = join(__dirname, '..', '..', '..');
const OBJECTIVE = `name: polling
title: Repositories are polled
counts: Polls of remotes, good and bad.
metric: granary_polls_total
where: ''
bad: outcome="failed"
examples: { good: 'granary_polls_total{outcome="moved"}', bad: 'granary_polls_total{outcome="failed"}' }
target: 99
window: 30d
leastEvents: 50
affects: Commits are seen late.
`;

it('has generated what is committed; `npm run generate` does it again', () => {
  expect(readFiles(root, GENERATED)).toEqual(generateRules(readFiles(join(root, 'deploy'), '{slo,alerts}/*.yaml')));
});

it.each([
  ['99.9', '0.0144', '0.006', '0.003', '0.001'],
  ['99.5', '0.072', '0.03', '0.015', '0.005'],
  ['99', '0.144', '0.06', '0.03', '0.01'],
  ['95', '0.72', '0.3', '0.15', '0.05'],
])('makes of %s %% the thresholds of the workbook', (target, hour, sixHours, day, threeDays) => {
  const rules = rulesOf({ 'slo/polling.yaml': OBJECTIVE.replace('target: 99', `target: ${target}`) });
  expect(rules.get('PollingBudgetBurnsFast')).toContain(`granary:objective_bad:ratio1h{objective="polling"} > ${hour}\n  and granary:objective_bad:ratio5m{objective="polling"} > ${hour}\n`);
  expect(rules.get('PollingBudgetBurnsFast')).toContain(`ratio6h{objective="polling"} > ${sixHours}\n  and granary:objective_bad:ratio30m{objective="polling"} > ${sixHours}\n`);
  expect(rules.get('PollingBudgetBurns')).toContain(`ratio1d{objective="polling"} > ${day}\n  and granary:objective_bad:ratio2h{objective="polling"} > ${day}\n`);
  expect(rules.get('PollingBudgetBurns')).toContain(`ratio3d{objective="polling"} > ${threeDays}\n  and granary:objective_bad:ratio6h{objective="polling"} > ${threeDays}\n`);
});

it('leads to the runbook of each alert, wherever runbooks are', () => {
  const { 'deploy/prometheus/rules/slo.yaml': rules } = generateRules({ 'slo/polling.yaml': OBJECTIVE }, { runbooks: 'https://docs.example/runbooks/' });
  expect(rules).toContain('runbook_url: https://docs.example/runbooks/PollingNotMeasured.md\n');
});

it.each([
  ['a target of everything', OBJECTIVE.replace('99', '100'), 'deploy/slo/polling.yaml is not as it has to be:\n  target must be < 100 (percent, such as 99.9)'],
  ['a field that nothing reads', `${OBJECTIVE}owner: me\n`, "the file has a field 'owner' that nothing reads; known are name, title, counts, metric, where, bad, examples, target, window, leastEvents, affects"],
  ['a field too few', OBJECTIVE.replace(/^affects.*$/m, ''), "the file lacks 'affects'"],
  ['another window', OBJECTIVE.replace('30d', '7d'), 'window has to be one of 30d'],
  ['text with a template', OBJECTIVE.replace('Commits are seen late.', "'{{ $value }} commits'"), 'affects must match pattern'],
  ['no YAML', 'name: [', 'deploy/slo/polling.yaml is not as it has to be:\n'],
  ['the name of another file', OBJECTIVE.replace('name: polling', 'name: pulling'), "its name is 'pulling'; a file is named like what is in it"],
])('refuses %s in words', (_what, text, message) => {
  expect(() => generateRules({ 'slo/polling.yaml': text })).toThrow(message);
});

it('refuses an alert without tests, and two of one name', () => {
  const alert = "    severity: page\n    when: up == 0\n    summary: A service is down\n    meaning: Nobody answers\n    now: '{{ $value }} answer'\n";
  const tests = "    tests: [{ series: { up: '0' }, quietAt: 1m, firesAt: 2m, resolvedAt: 3m, says: '0 answer' }]\n";
  expect(() => generateRules({ 'alerts/one.yaml': `group: one\nalerts:\n  - alert: Down\n${alert}` })).toThrow("alerts.0 lacks 'tests'");
  expect(() => generateRules({ 'alerts/one.yaml': `group: one\nalerts:\n  - alert: Down\n${alert}${tests}  - alert: Down\n${alert}${tests}` })).toThrow("there are two alerts 'Down'");
});

describe('an alert that uses up the budget of an objective', () => {
  const of = (objective: string) => ({
    'slo/polling.yaml': OBJECTIVE,
    'alerts/one.yaml': `group: one\nalerts:\n  - alert: Down\n    severity: page\n    when: up == 0\n    summary: A service is down\n    objective: ${objective}\n    meaning: Nobody answers.\n    now: '{{ $value }} answer.'\n    tests: [{ series: { up: '0' }, quietAt: 1m, firesAt: 2m, resolvedAt: 3m, says: 0 answer. }]\n`,
  });

  it('says how much is left and how long that lasts, and is tested with figures of both', () => {
    const files = generateRules(of('polling'));
    expect(files['deploy/prometheus/rules/one.yaml']).toMatch(/Nobody answers\. \{\{ \$value \}\} answer\. \{\{ with printf "granary:objective_budget_left:ratio30d\{objective='polling'\}".* of the budget of polling is left; as in the last hour it lasts \{\{ with printf "granary:objective_budget_lasts:seconds/);
    expect(files['deploy/prometheus/tests/one.yaml']).toContain('Nobody answers. 0 answer. 25% of the budget of polling is left; as in the last hour it lasts 1h 30m 0s.');
    expect(files['deploy/prometheus/tests/one.yaml']).toContain('granary:objective_budget_left:ratio30d{objective="polling"}');
  });

  it('is refused when there is no such objective', () => {
    expect(() => generateRules(of('pulling'))).toThrow("Down names the objective 'pulling'; there are polling");
  });
});

it('finds the metrics of an expression, and nothing in quotes', () => {
  expect(metricsOf('sum(rate(granary_a_total{x="granary_b"}[5m])) / granary:objective_bad:ratio5m > 5m and up{job="granary"} == 0')).toEqual(['granary:objective_bad:ratio5m', 'granary_a_total', 'up']);
});

it('asks for no metric that nobody defines', () => {
  const defined = new Set(Object.values(readFiles(root, '{libs,services}/*/src/**/*[!c].ts')).flatMap((text) => [...text.matchAll(/'(granary_\w+)'/g)].map(([, name]) => name)));
  const rules = Object.values(readFiles(root, 'deploy/prometheus/rules/*.yaml')).flatMap((text) => (parse(text) as { groups: { rules: { expr: string }[] }[] }).groups.flatMap((group) => group.rules.flatMap(({ expr }) => metricsOf(expr))));
  const asked = rules.filter((name) => name.startsWith('granary_')).map((name) => name.replace(/_(?:bucket|count|sum)$/, ''));
  expect([...new Set(asked)].filter((name) => !defined.has(name))).toEqual([]);
});

function rulesOf(sources: Files): Map<string, string> {
  const rules = parse(generateRules(sources)['deploy/prometheus/rules/slo.yaml'] ?? '') as { groups: { rules: { alert?: string; record?: string; expr: string }[] }[] };
  return new Map(rules.groups.flatMap((group) => group.rules).map(({ alert, record, expr }) => [alert ?? record ?? '', expr]));
}
