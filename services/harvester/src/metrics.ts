import type { Job } from '@granary/contracts';
import { createCounter, createGauge, createHistogram } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { Death } from './analyse/pool.client';
import type { Counts, TierShare } from '@granary/extract';
import type { Durations } from './harvest/stages';

const STATES = ['pending', 'fetching', 'scanning', 'parsing', 'storing', 'completed', 'failed', 'cancelled', 'blocked'] as const satisfies readonly Job['state'][];
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

export type PollOutcome = 'unchanged' | 'moved' | 'failed';

export interface HarvesterMeters {
  jobEnded(outcome: 'completed' | 'blocked' | 'failed' | 'cancelled', durations?: Durations): void;
  blobs(counts: Counts): void;
  tiers(tiers: readonly TierShare[]): void;
  polled(outcome: PollOutcome): void;
  workerEnded(why: Death): void;
  jobsByState(counts: ReadonlyMap<Job['state'], number>): void;
}

export function harvesterMeters(metrics: Metrics): HarvesterMeters {
  const jobs = createGauge(metrics, { name: 'granary_harvest_jobs', help: 'Harvest jobs by state', labels: { state: STATES } });
  const ended = createCounter(metrics, { name: 'granary_harvests_total', help: 'Harvests that ended, by outcome', labels: { outcome: ['completed', 'blocked', 'failed', 'cancelled'] } });
  const stages = createHistogram(metrics, { name: 'granary_harvest_stage_seconds', help: 'Time that completed and failed harvests spent in each stage; total counts from the request on', labels: { stage: ['fetching', 'scanning', 'parsing', 'storing', 'total'] }, buckets: SECONDS });
  const files = createCounter(metrics, { name: 'granary_harvest_files_total', help: 'Files of completed harvests by what became of them', labels: { result: ['analysed', 'reused', 'skipped'] } });
  const tiers = createCounter(metrics, { name: 'granary_harvest_tier_files_total', help: 'Files of ended harvests by the tier that read them: 1 known already, 2 analysed, 3 light scan', labels: { tier: ['1', '2', '3'] } });
  const tierSeconds = createCounter(metrics, { name: 'granary_harvest_tier_seconds_total', help: 'Time that analysis workers spent, by tier', labels: { tier: ['1', '2', '3'] } });
  const polls = createCounter(metrics, { name: 'granary_polls_total', help: 'Polls of remotes by outcome', labels: { outcome: ['unchanged', 'moved', 'failed'] } });
  const deaths = createCounter(metrics, { name: 'granary_analysis_worker_deaths_total', help: 'Analysis workers that ended in the middle of their work', labels: { reason: ['crashed', 'timed-out'] } });
  return {
    jobEnded(outcome, durations) {
      ended.inc({ outcome });
      if (!durations) return;
      const { fetchMs, scanMs, parseMs, storeMs, totalMs } = durations;
      for (const [stage, ms] of [['fetching', fetchMs], ['scanning', scanMs], ['parsing', parseMs], ['storing', storeMs], ['total', totalMs]] as const) stages.observe({ stage }, ms / 1000);
    },
    blobs({ analysed, reused, skipped }) {
      files.inc({ result: 'analysed' }, analysed);
      files.inc({ result: 'reused' }, reused);
      files.inc({ result: 'skipped' }, skipped);
    },
    tiers(shares) {
      for (const { tier, files: read, durationMs } of shares) {
        tiers.inc({ tier: `${tier}` }, read);
        tierSeconds.inc({ tier: `${tier}` }, durationMs / 1000);
      }
    },
    polled: (outcome) => polls.inc({ outcome }),
    workerEnded: (reason) => deaths.inc({ reason }),
    jobsByState: (counts) => STATES.forEach((state) => jobs.set({ state }, counts.get(state) ?? 0)),
  };
}
