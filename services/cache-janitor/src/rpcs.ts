import { serve, type RpcHandler } from '@granary/messaging';
import { listCycles, showCycle, showManifest, showStats, sweep, type SweepDeps } from './sweep/sweep.handler';

/** Everything that is answered about caches, as a table. */
export const rpcs = (deps: SweepDeps): RpcHandler[] => [
  serve('cache-janitor.cache.manifest', showManifest(deps)),
  serve('cache-janitor.cache.sweep', sweep(deps)),
  serve('cache-janitor.cache.stats', showStats(deps)),
  serve('cache-janitor.cycle.list', listCycles(deps)),
  serve('cache-janitor.cycle.show', showCycle(deps)),
];
