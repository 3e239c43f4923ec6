import { bytes, duration, integer, type ConfigOf } from '@granary/service-host';

/** The normalizer's own settings. */
export const config = {
  maxFactsBytes: bytes('GRANARY_MAX_FACTS', { default: '512MB' }),
  computeMemoryMb: integer('GRANARY_COMPUTE_MEMORY', { default: 1_024, min: 64, max: 65_536 }),
  computeDeadlineMs: duration('GRANARY_COMPUTE_DEADLINE', { default: '2m', min: '1s', max: '1h' }),
  computeIdleMs: duration('GRANARY_COMPUTE_IDLE', { default: '10m', min: '10ms', max: '1h' }),
  freshnessObjectiveMs: duration('GRANARY_FRESHNESS_OBJECTIVE', { default: '5m', min: '1ms', max: '7d' }),
  cachedGraphs: integer('GRANARY_CACHED_GRAPHS', { default: 16, min: 1, max: 10_000 }),
};

export type NormalizerConfig = ConfigOf<typeof config>;
