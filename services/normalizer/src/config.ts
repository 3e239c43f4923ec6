import { bytes, duration, integer, type ConfigOf } from '@granary/service-host';

/** The normalizer's own settings. */
export const config = {
  maxFactsBytes: bytes('GRANARY_MAX_FACTS', 'larger fact packs are refused; size without compression', { default: '512MB' }),
  computeMemoryMb: integer('GRANARY_COMPUTE_MEMORY', 'MiB of objects that the computing thread may hold', { default: 1_024, min: 64, max: 65_536 }),
  computeDeadlineMs: duration('GRANARY_COMPUTE_DEADLINE', 'a job that takes longer is ended with its thread', { default: '2m', min: '1s', max: '1h' }),
  computeIdleMs: duration('GRANARY_COMPUTE_IDLE', 'a thread without work is ended after this time, with the states that it keeps', { default: '10m', min: '10ms', max: '1h' }),
  freshnessObjectiveMs: duration('GRANARY_FRESHNESS_OBJECTIVE', 'changes that are in a graph later than this after they were first seen count as late', { default: '5m', min: '1ms', max: '7d' }),
  cachedGraphs: integer('GRANARY_CACHED_GRAPHS', 'graphs kept in memory for questions', { default: 16, min: 1, max: 10_000 }),
};

export type NormalizerConfig = ConfigOf<typeof config>;
