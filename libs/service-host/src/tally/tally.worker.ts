import type { AuditObjectiveReportRequest } from '@granary/contracts';
import type { Logger, Metrics } from '@granary/observability';
import type { Task } from '../definition';
import { countsOf, growth, type Count, type Counted } from './tally';

export interface TallyOptions {
  readonly objectives: readonly Counted[];
  readonly metrics: Metrics;
  readonly service: string;
  /** Tells audit, which announces it. */
  readonly report: (tally: AuditObjectiveReportRequest) => Promise<unknown>;
  readonly log: Logger;
  readonly now: () => Date;
  /** This process, as a UUID of version 7. */
  readonly instance: string;
  readonly everyMs: number;
}

/**
 * Tells audit now and then, and at the end, what this process counted for objectives since it told last. A report that audit did not take, or whose answer was
 * lost, is sent again as it was: by instance and number it counts once.
 */
export function tallyTask({ objectives, metrics, service, report, log, now, instance, everyMs }: TallyOptions): Task {
  const readers = objectives.map((objective) => ({ metric: objective.metric, count: countsOf(objective) }));
  let told: readonly Count[] = [];
  let until = now();
  let number = 1;
  let pending: { readonly tally: AuditObjectiveReportRequest; readonly counts: readonly Count[] } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  const read = async (): Promise<Count[]> => {
    const counts: Count[] = [];
    for (const { metric, count } of readers) {
      const counter = metrics.getSingleMetric(metric);
      if (counter === undefined) continue;
      const { values } = await counter.get();
      counts.push(count(values.map(({ labels, value }) => ({ labels: { service, ...labels }, value }))));
    }
    return counts;
  };
  const prepare = async (): Promise<typeof pending> => {
    const counts = await read();
    const grown = growth(counts, told);
    const from = until;
    until = now();
    return grown.length === 0 ? null : { tally: { instance, number, from: from.toISOString(), until: until.toISOString(), counts: grown }, counts };
  };
  const tell = async (): Promise<boolean> => {
    pending ??= await prepare();
    if (pending === null) return true;
    try {
      await report(pending.tally);
    } catch (error) {
      log.warn({ err: error }, 'audit was not told what was counted for objectives; it is told later');
      return false;
    }
    told = pending.counts;
    number += 1;
    pending = null;
    return true;
  };
  return {
    name: 'tally of objectives',
    async start() {
      timer = setInterval(() => (underWay = underWay.then(tell).then(() => undefined)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await underWay;
      // What was waiting, and then what came behind it.
      const waited = pending !== null;
      if ((await tell()) && waited) await tell();
    },
  };
}
