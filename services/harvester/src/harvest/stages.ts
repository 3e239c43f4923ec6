import type { Job } from '@granary/contracts';

type Stage = Job['stages'][number];
export type StageName = 'fetching' | 'scanning' | 'parsing' | 'storing';

/** The contract allows 100; a job has at most three attempts of four stages. */
export function enterStage(stages: readonly Stage[], stage: StageName, now: Date): Stage[] {
  return [...closeStages(stages, now), { stage, startedAt: now.toISOString(), durationMs: null }];
}

/** The stages with none of them running any more. */
export function closeStages(stages: readonly Stage[], now: Date): Stage[] {
  return stages.map((stage) => (stage.durationMs === null ? { ...stage, durationMs: Math.max(0, now.getTime() - Date.parse(stage.startedAt)) } : stage));
}

export interface Durations {
  readonly fetchMs: number;
  readonly scanMs: number;
  readonly parseMs: number;
  readonly storeMs: number;
  readonly totalMs: number;
}

/** Where the time of the last attempt went; the total counts from the request on, earlier attempts and waiting included. */
export function durationsOf(stages: readonly Stage[], createdAt: Date, now: Date): Durations {
  const closed = closeStages(stages, now);
  const last = (name: StageName): number => closed.findLast(({ stage }) => stage === name)?.durationMs ?? 0;
  return {
    fetchMs: last('fetching'),
    scanMs: last('scanning'),
    parseMs: last('parsing'),
    storeMs: last('storing'),
    totalMs: Math.max(0, now.getTime() - createdAt.getTime()),
  };
}
