import type { AuditObjectiveShowResponse } from '@granary/contracts';
import { formatCount } from '../shell/format';
import type { Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';

/** An objective, as deploy/slo has it. */
export interface Promised {
  readonly name: string;
  readonly target: number;
  /** The share of events that may be bad. */
  readonly allowed: number;
}

/** What Prometheus counted in the same time; null where it counted nothing. */
export interface Counted {
  readonly bad: number;
  readonly total: number;
}

export interface Reported {
  readonly objective: string;
  /** Percent. */
  readonly target: number;
  readonly good: number;
  readonly total: number;
  /** The share that was good; null without events. */
  readonly ratio: number | null;
  /** Which part of what may be bad has not been; below 0 when the promise is broken. */
  readonly budgetLeft: number | null;
  /** How many times as fast as the budget allows it was used; 1 uses it up exactly. */
  readonly burn: number | null;
  readonly kept: boolean | null;
  /** Only when Prometheus was asked. */
  readonly prometheus?: { readonly total: number; readonly ratio: number | null; readonly difference: number | null; readonly differs: boolean };
}

export interface SloReport {
  readonly since: string;
  /** From when until when services counted what is summed here. */
  readonly first: string | null;
  readonly last: string | null;
  readonly objectives: readonly Reported[];
}

/** By how much, as a share of all events, the log and Prometheus may tell differently. */
export const TOLERATED = 0.001;

/** @param counted by objective, what Prometheus says; null when it was not asked */
export function reportOf(promised: readonly Promised[], since: string, { first, last, objectives }: AuditObjectiveShowResponse, counted: ReadonlyMap<string, Counted> | null): SloReport {
  return {
    since,
    first,
    last,
    objectives: promised.map(({ name, target, allowed }) => {
      const { good, total } = objectives.find(({ objective }) => objective === name) ?? { good: 0, total: 0 };
      const burn = total === 0 ? null : (total - good) / total / allowed;
      const ratio = total === 0 ? null : good / total;
      const reported = { objective: name, target, good, total, ratio, budgetLeft: burn === null ? null : 1 - burn, burn, kept: burn === null ? null : burn <= 1 };
      return counted === null ? reported : { ...reported, prometheus: compare(first !== null, ratio, counted.get(name) ?? { bad: 0, total: 0 }) };
    }),
  };
}

function compare(tallied: boolean, logged: number | null, { bad, total }: Counted): NonNullable<Reported['prometheus']> {
  const ratio = total > 0 ? 1 - bad / total : null;
  const difference = ratio === null || logged === null ? null : Math.abs(ratio - logged);
  // One that saw events where the other saw none differs too; but as long as nothing was tallied there is nothing to compare with.
  return { total: Math.round(total), ratio, difference, differs: tallied && (difference === null ? ratio !== logged : difference > TOLERATED) };
}

/** The selectors of PromQL for what an objective counts, over that many seconds. */
export function countedIn({ metric, where, bad }: { readonly metric: string; readonly where: string; readonly bad: string }, seconds: number): { bad: string; total: string } {
  const sum = (...matchers: string[]): string => `sum(increase(${metric}{${matchers.filter((matcher) => matcher !== '').join(',')}}[${seconds}s]))`;
  return { bad: sum(where, bad), total: sum(where) };
}

export function renderReport({ since, first, last, objectives }: SloReport, style: Style): string {
  const compared = objectives.some(({ prometheus }) => prometheus !== undefined);
  const columns: Column<Reported>[] = [
    { title: 'objective', value: ({ objective }) => objective, paint: style.bold },
    { title: 'target', value: ({ target }) => `${target} %`, align: 'right' },
    { title: 'good', value: ({ good }) => formatCount(good), align: 'right' },
    { title: 'of', value: ({ total }) => formatCount(total), align: 'right' },
    { title: 'kept', value: ({ ratio }) => percent(ratio, 3), align: 'right', paint: (text, { kept }) => (kept === false ? style.bad(text) : text) },
    { title: 'budget left', value: ({ budgetLeft }) => percent(budgetLeft, 1), align: 'right', paint: (text, { kept }) => (kept === false ? style.bad(text) : text) },
    { title: 'burn', value: ({ burn }) => (burn === null ? null : `${burn.toFixed(2)}×`), align: 'right' },
    ...(compared
      ? ([
          { title: 'Prometheus', value: ({ prometheus }) => percent(prometheus?.ratio ?? null, 3), align: 'right' },
          { title: 'of', value: ({ prometheus }) => formatCount(prometheus?.total ?? 0), align: 'right' },
        ] satisfies Column<Reported>[])
      : []),
  ];
  const span = first === null || last === null ? `The event log has no tallies since ${since}: services tell every five minutes what they counted, and when they stop.` : `Counted from ${first} until ${last}, by tallies in the event log since ${since}.`;
  return [renderTable(objectives, columns, style, ''), span, ...differences(objectives, style)].join('\n\n');
}

function differences(objectives: readonly Reported[], style: Style): string[] {
  return objectives.flatMap(({ objective, ratio, prometheus }) => {
    if (prometheus?.differs !== true) return [];
    const figures = `${percent(ratio, 3) ?? 'nothing'} by the event log, ${percent(prometheus.ratio, 3) ?? 'nothing'} by Prometheus`;
    return [style.warn(`${objective}: ${figures}. More than 0.1 % apart: docs/runbooks/ObjectiveFiguresDiffer.md says what to do.`)];
  });
}

const percent = (share: number | null, digits: number): string | null => (share === null ? null : `${(share * 100).toFixed(digits)} %`);
