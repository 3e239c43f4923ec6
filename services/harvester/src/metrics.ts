import type { Job } from '@granary/contracts';
import { createCounter, createGauge, createHistogram } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { Death } from './analyse/pool.client';
import type { Counts, TierShare } from '@granary/extract';
import type { Durations } from './harvest/stages';

const STATES = ['pending', 'fetching', 'scanning', 'parsing', 'storing', 'completed', 'failed', 'cancelled', 'blocked'] as const satisfies readonly Job['state'][];
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

const LONGER_THAN = { '0s': 0, '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 };
// A repository is no value of a label otherwise, because there is no end of them.
const MOST_BEHIND = 100;

export type PollOutcome = 'unchanged' | 'moved' | 'failed';

/** Time that repositories are behind their remotes. */
export interface Behind {
  readonly repositoryId: string;
  readonly seconds: number;
}

export interface HarvesterMeters {
  jobEnded(outcome: 'completed' | 'blocked' | 'failed' | 'cancelled', durations?: Durations): void;
  blobs(counts: Counts): void;
  tiers(tiers: readonly TierShare[]): void;
  polled(outcome: PollOutcome): void;
  workerEnded(why: Death): void;
  jobsByState(counts: ReadonlyMap<Job['state'], number>): void;
  /**
   * @param withheld repositories whose newest commit the gate withheld
   * @param behind those that are behind, the longest first
   */
  freshness(watched: number, withheld: number, behind: readonly Behind[]): void;
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
  const watched = createGauge(metrics, { name: 'granary_repositories_watched', help: 'Repositories that are watched' });
  const blocked = createGauge(metrics, { name: 'granary_repositories_withheld', help: 'Repositories whose newest commit the secrets gate withheld' });
  const behind = createGauge(metrics, { name: 'granary_repositories_behind', help: 'Repositories whose newest commit has not been harvested for longer than this', labels: { longer_than: Object.keys(LONGER_THAN) } });
  const worst = createGauge(metrics, { name: 'granary_repository_freshness_worst_seconds', help: 'Time since the oldest unharvested head of all repositories was first seen; 0 when all are fresh' });
  // No repository has a series before it is behind, and none keeps it.
  const freshness = createGauge(metrics, { name: 'granary_repository_freshness_seconds', help: `Time since the unharvested head of a repository was first seen; only of those that are behind, and of the ${MOST_BEHIND} that are so longest`, labels: { repository: [] } });
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
    freshness(repositories, withheld, late) {
      watched.set(repositories);
      blocked.set(withheld);
      worst.set(late[0]?.seconds ?? 0);
      for (const [label, limit] of Object.entries(LONGER_THAN)) behind.set({ longer_than: label }, late.filter(({ seconds }) => seconds > limit).length);
      freshness.reset();
      for (const { repositoryId, seconds } of late.slice(0, MOST_BEHIND)) freshness.set({ repository: repositoryId }, seconds);
    },
  };
}
