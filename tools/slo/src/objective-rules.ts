import { askedOf, budgetText } from './budget-text';
import { alertPrefix, allowedShare, rounded, type Objective } from './objective';
import type { AlertingRule, RecordingRule, RuleGroup, Severity } from './rule';

/** Over which ratios are recorded. */
export const RATIO_WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'] as const;
/** Over which events are counted, for alerts that want some and for what is left of a budget. */
const COUNT_WINDOWS = ['1h', '6h', '1d', '3d', '30d'] as const;

interface Burn {
  readonly severity: Severity;
  readonly long: (typeof COUNT_WINDOWS)[number];
  readonly short: (typeof RATIO_WINDOWS)[number];
  /** How many times as fast as the budget allows. */
  readonly rate: number;
}

/** Google's SRE workbook, for 30 days: the long window says that it matters, the short one that it goes on. */
export const BURNS: readonly Burn[] = [
  { severity: 'page', long: '1h', short: '5m', rate: 14.4 },
  { severity: 'page', long: '6h', short: '30m', rate: 6 },
  { severity: 'ticket', long: '1d', short: '2h', rate: 3 },
  { severity: 'ticket', long: '3d', short: '6h', rate: 1 },
];

/** Ratios, budget and alerts of one objective. @param runbook the address of an alert's runbook */
export function objectiveRules(objective: Objective, runbook: (alert: string) => string): RuleGroup {
  return {
    name: `objective-${objective.name}`,
    rules: [...recordings(objective), burning(objective, 'page', runbook), burning(objective, 'ticket', runbook), notMeasured(objective, runbook)],
  };
}

function recordings(objective: Objective): RecordingRule[] {
  const selector = `objective="${objective.name}"`;
  const { all, bad } = eventsOf(objective);
  const labels = { objective: objective.name };
  const allowed = allowedShare(objective);
  const { window } = objective;
  return [
    // Without events there is no ratio: to say 0 then would be to say that all is well.
    ...RATIO_WINDOWS.map((range) => ({
      record: `granary:objective_bad:ratio${range}`,
      expr: `sum(rate(${bad}[${range}])) / (sum(rate(${all}[${range}])) > 0)`,
      labels,
    })),
    ...COUNT_WINDOWS.map((range) => ({ record: `granary:objective_events:increase${range}`, expr: `sum(increase(${all}[${range}]))`, labels })),
    { record: 'granary:objective_target:ratio', expr: `vector(${rounded(1 - allowed)})`, labels },
    { record: `granary:objective_budget_left:ratio${window}`, expr: `1 - granary:objective_bad:ratio${window}{${selector}} / ${allowed}`, labels },
    {
      record: 'granary:objective_budget_lasts:seconds',
      expr: `clamp_min(granary:objective_budget_left:ratio${window}{${selector}}, 0) * ${window} * ${allowed} / (granary:objective_bad:ratio1h{${selector}} > 0)`,
      labels,
    },
  ];
}

function eventsOf({ metric, where, bad }: Objective): { all: string; bad: string } {
  const series = (...matchers: string[]): string => (matchers.join('') === '' ? metric : `${metric}{${matchers.filter((matcher) => matcher !== '').join(',')}}`);
  return { all: series(where), bad: series(where, bad) };
}

function burning(objective: Objective, severity: Severity, runbook: (alert: string) => string): AlertingRule {
  const alert = `${alertPrefix(objective)}BudgetBurns${severity === 'page' ? 'Fast' : ''}`;
  const burns = BURNS.filter((burn) => burn.severity === severity);
  return {
    alert,
    expr: burns.map((burn) => `(\n  ${burnExpression(objective, burn)}\n)`).join('\nor\n'),
    labels: { severity, objective: objective.name },
    annotations: {
      summary: `The budget of ${objective.name} (${objective.target} % in ${objective.window}) burns ${severity === 'page' ? 'fast' : 'faster than it lasts'}`,
      description: `${objective.affects} ${figures(objective)}`,
      runbook_url: runbook(alert),
    },
  };
}

function burnExpression(objective: Objective, { long, short, rate }: Burn): string {
  const selector = `{objective="${objective.name}"}`;
  const threshold = rounded(rate * allowedShare(objective));
  return [
    `granary:objective_bad:ratio${long}${selector} > ${threshold}`,
    `and granary:objective_bad:ratio${short}${selector} > ${threshold}`,
    `and granary:objective_events:increase${long}${selector} >= ${objective.leastEvents}`,
  ].join('\n  ');
}

/** How bad it is, what is left, and when nothing is left: asked at the moment of the alert. */
function figures({ name, target, window }: Objective): string {
  const lately = askedOf(name, 'granary:objective_bad:ratio1h', 'humanizePercentage', 'nobody knows how many');
  return `{{ $value | humanizePercentage }} are bad, ${lately} in the last hour; ${rounded(100 - target)} % may be in ${window}. ${budgetText(name, 'the budget')}`;
}

function notMeasured(objective: Objective, runbook: (alert: string) => string): AlertingRule {
  const alert = `${alertPrefix(objective)}NotMeasured`;
  return {
    alert,
    expr: `absent(${eventsOf(objective).all})`,
    for: '10m',
    labels: { severity: 'ticket', objective: objective.name },
    annotations: {
      summary: `Nobody measures ${objective.name}`,
      description: `No service that was scraped in the last 10 minutes counts events of this objective (${objective.target} % in ${objective.window}): its other alerts cannot fire, whatever users see. ${objective.affects}`,
      runbook_url: runbook(alert),
    },
  };
}
