import type { Job } from '@granary/contracts';
import { createCounter, createGauge, createHistogram, createReading } from '@granary/observability';
import type { Logger, Metrics } from '@granary/observability';
import type { Death } from './analyse/pool.client';
import type { Counts, TierShare } from '@granary/extract';
import type { Durations } from './harvest/stages';
import { OPEN } from './store/job-states';

const STATES = ['pending', 'fetching', 'scanning', 'parsing', 'storing', 'completed', 'failed', 'cancelled', 'blocked'] as const satisfies readonly Job['state'][];
const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];

const LONGER_THAN = { '0s': 0, '1m': 60, '5m': 300, '1h': 3600, '1d': 86_400 };

export type PollOutcome = 'unchanged' | 'moved' | 'failed';

/** Jobs of one state. */
export interface JobsOfState {
  readonly count: number;
  /** Since the oldest of them entered it, or could have been taken; null for states that are an end. */
  readonly oldestSeconds: number | null;
}

/** How everything stands, as the database says; repositories are no values of a label, because there is no end of them. */
export interface Standing {
  readonly jobs: ReadonlyMap<Job['state'], JobsOfState>;
  /** Repositories that are active. */
  readonly watched: number;
  /** Repositories whose newest commit the gate withheld. */
  readonly withheld: number;
  /** How long repositories are behind, of each that is; the longest first. */
  readonly behindSeconds: readonly number[];
}

export interface HarvesterMetersOptions {
  /** Asked when somebody scrapes, at most once in `keepMs`. */
  readonly standing: () => Promise<Standing>;
  readonly keepMs: number;
  readonly log: Pick<Logger, 'warn'>;
}

export interface HarvesterMeters {
  jobEnded(outcome: 'completed' | 'blocked' | 'failed' | 'cancelled', durations?: Durations): void;
  blobs(counts: Counts): void;
  tiers(tiers: readonly TierShare[]): void;
  polled(outcome: PollOutcome): void;
  workerEnded(why: Death): void;
}

export function harvesterMeters(metrics: Metrics, { standing, keepMs, log }: HarvesterMetersOptions): HarvesterMeters {
  const reading = createReading({ read: standing, show, failed: (error) => log.warn({ err: error }, 'harvest jobs and repositories could not be counted'), keepMs });
  const jobs = createGauge(metrics, { name: 'granary_harvest_jobs', help: 'Harvest jobs by state', labels: { state: STATES }, reading });
  const oldest = createGauge(metrics, { name: 'granary_harvest_job_oldest_seconds', help: 'How long a job has been in this state, of the one that has been for the longest; of pending ones, since it could have been taken', labels: { state: OPEN }, reading });
  const ended = createCounter(metrics, { name: 'granary_harvests_total', help: 'Harvests that ended, by outcome', labels: { outcome: ['completed', 'blocked', 'failed', 'cancelled'] } });
  const stages = createHistogram(metrics, { name: 'granary_harvest_stage_seconds', help: 'Time that completed and failed harvests spent in each stage; total counts from the request on', labels: { stage: ['fetching', 'scanning', 'parsing', 'storing', 'total'] }, buckets: SECONDS });
  const files = createCounter(metrics, { name: 'granary_harvest_files_total', help: 'Files of completed harvests by what became of them', labels: { result: ['analysed', 'reused', 'skipped'] } });
  const tiers = createCounter(metrics, { name: 'granary_harvest_tier_files_total', help: 'Files of ended harvests by the tier that read them: 1 known already, 2 analysed, 3 light scan', labels: { tier: ['1', '2', '3'] } });
  const tierSeconds = createCounter(metrics, { name: 'granary_harvest_tier_seconds_total', help: 'Time that analysis workers spent, by tier', labels: { tier: ['1', '2', '3'] } });
  const polls = createCounter(metrics, { name: 'granary_polls_total', help: 'Polls of remotes by outcome', labels: { outcome: ['unchanged', 'moved', 'failed'] } });
  const deaths = createCounter(metrics, { name: 'granary_analysis_worker_deaths_total', help: 'Analysis workers that ended in the middle of their work', labels: { reason: ['crashed', 'timed-out'] } });
  const watched = createGauge(metrics, { name: 'granary_repositories_watched', help: 'Repositories that are watched', reading });
  const blocked = createGauge(metrics, { name: 'granary_repositories_withheld', help: 'Repositories whose newest commit the secrets gate withheld', reading });
  const behind = createGauge(metrics, { name: 'granary_repositories_behind', help: 'Repositories whose newest commit has not been harvested for longer than this', labels: { longer_than: Object.keys(LONGER_THAN) }, reading });
  const worst = createGauge(metrics, { name: 'granary_repository_freshness_worst_seconds', help: 'Time since the oldest unharvested head of all repositories was first seen; 0 when all are fresh', reading });
  function show(seen: Standing): void {
    for (const state of STATES) jobs.set({ state }, seen.jobs.get(state)?.count ?? 0);
    for (const state of OPEN) oldest.set({ state }, seen.jobs.get(state)?.oldestSeconds ?? 0);
    watched.set(seen.watched);
    blocked.set(seen.withheld);
    worst.set(seen.behindSeconds[0] ?? 0);
    for (const [label, limit] of Object.entries(LONGER_THAN)) behind.set({ longer_than: label }, seen.behindSeconds.filter((seconds) => seconds > limit).length);
  }
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
  };
}
