import type { TestFile, TestGroup } from './alert-tests';
import { alertPrefix, allowedShare, rounded, type Objective } from './objective';
import type { Severity } from './rule';

interface Burning {
  readonly what: string;
  readonly alert: 'BudgetBurnsFast' | 'BudgetBurns';
  /** Between two samples, which are as far apart. */
  readonly minutes: number;
  /** All is well that long, in samples; then it burns that long; then all is well again. */
  readonly well: number;
  readonly burns: number;
  /** How many times as fast as the budget allows. */
  readonly rate: number;
  readonly quietAt: string;
  readonly firesAt: string;
  readonly resolvedAt: string;
}

/** For each window: long enough to fire, not long enough yet, and over. The times follow from the windows and the rates. */
const PAGES: readonly Burning[] = [
  // 30 minutes at 18 make 9 in the hour; 60 make 18. Half an hour after the end the short windows are clean.
  { what: '1h and 5m at 14.4', alert: 'BudgetBurnsFast', minutes: 1, well: 360, burns: 60, rate: 18, quietAt: '6h30m', firesAt: '7h', resolvedAt: '7h30m' },
  // 3 hours at 10 make 5 in six hours; 4.5 make 7.5. At 10 the hour does not page.
  { what: '6h and 30m at 6', alert: 'BudgetBurnsFast', minutes: 1, well: 360, burns: 270, rate: 10, quietAt: '9h', firesAt: '10h30m', resolvedAt: '11h' },
];
const TICKETS: readonly Burning[] = [
  // 12 hours at 5 make 2.5 in the day and 0.83 in three; 18 make 3.75. Over when the six hours are clean, too.
  { what: '1d and 2h at 3', alert: 'BudgetBurns', minutes: 10, well: 432, burns: 108, rate: 5, quietAt: '84h', firesAt: '90h', resolvedAt: '96h' },
  // 30 hours at 2 make 0.83 in three days; 42 make 1.17. At 2 the day does not matter.
  { what: '3d and 6h at 1', alert: 'BudgetBurns', minutes: 10, well: 432, burns: 252, rate: 2, quietAt: '102h', firesAt: '114h', resolvedAt: '120h' },
];

/**
 * Each window of each alert, the guard against too little traffic, and the absence of the metric. All objectives are played at once, and evaluated as
 * seldom as the windows allow, because every evaluation computes all rules.
 */
export function objectiveTests(objectives: readonly Objective[]): { readonly pages: TestFile; readonly tickets: TestFile } {
  const file = (evaluation_interval: string, cases: readonly Case[]): TestFile => ({ rule_files: ['../rules/slo.yaml'], evaluation_interval, tests: cases.map((one) => testOf(one, objectives)) });
  return { pages: file('30m', [...PAGES.map(burnCase), GUARD, ABSENCE]), tickets: file('6h', TICKETS.map(burnCase)) };
}

/** What happens to every objective, and what its alert does about it. */
interface Case {
  readonly what: string;
  readonly alert: string;
  readonly minutes: number;
  readonly severity: Severity;
  readonly series: (objective: Objective) => Readonly<Record<'good' | 'bad', string>>;
  readonly quietAt: string;
  readonly firesAt: string;
  readonly resolvedAt?: string;
}

const burnCase = ({ what, alert, minutes, well, burns, rate, ...times }: Burning): Case => ({
  what,
  alert,
  minutes,
  severity: alert === 'BudgetBurns' ? 'ticket' : 'page',
  series(objective) {
    // Ten thousand events between two samples: whole numbers for every target.
    const bad = Math.round(10_000 * rounded(Math.min(1, rate * allowedShare(objective))));
    const after = 60;
    return {
      good: `0+10000x${well} ${well * 10_000 + 10_000 - bad}+${10_000 - bad}x${burns - 1} ${well * 10_000 + burns * (10_000 - bad) + 10_000}+10000x${after - 1}`,
      bad: `0x${well} ${bad}+${bad}x${burns - 1} ${burns * bad}x${after - 1}`,
    };
  },
  ...times,
});

const GUARD: Case = {
  what: 'as many bad events as are too few, then many times as many',
  alert: 'BudgetBurnsFast',
  minutes: 1,
  severity: 'page',
  series: ({ leastEvents }) => ({ good: '0x150', bad: `0x5 ${leastEvents - 1}x60 ${leastEvents - 1}+${leastEvents - 1}x85` }),
  quietAt: '30m',
  firesAt: '150m',
};

const ABSENCE: Case = {
  what: 'nobody counts any more, and then again',
  alert: 'NotMeasured',
  minutes: 1,
  severity: 'ticket',
  // A series counts as there for five minutes after its last sample.
  series: () => ({ good: '0+10x60 _x90 0+10x30', bad: '0x60 _x90 0x30' }),
  quietAt: '60m',
  firesAt: '120m',
  resolvedAt: '180m',
};

function testOf({ what, alert, minutes, severity, series, quietAt, firesAt, resolvedAt }: Case, objectives: readonly Objective[]): TestGroup {
  return {
    name: `${alert}: ${what}`,
    interval: `${minutes}m`,
    input_series: objectives.flatMap((objective) => (['good', 'bad'] as const).map((kind) => ({ series: objective.examples[kind], values: series(objective)[kind] }))),
    promql_expr_test: objectives.flatMap((objective) => {
      const firing = (eval_time: string, fires: boolean) => ({
        expr: `count by (objective, severity) (ALERTS{alertname="${alertPrefix(objective)}${alert}",alertstate="firing"})`,
        eval_time,
        exp_samples: fires ? [{ labels: `{objective="${objective.name}", severity="${severity}"}`, value: 1 }] : [],
      });
      return [firing(quietAt, false), firing(firesAt, true), ...(resolvedAt === undefined ? [] : [firing(resolvedAt, false)])];
    }),
  };
}
