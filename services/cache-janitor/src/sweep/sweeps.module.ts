import type { RpcHandler } from '@granary/messaging';
import type { HealthCheck, Host, Task } from '@granary/service-host';
import { v7 } from 'uuid';
import type { CacheJanitorConfig } from '../config';
import { rpcs } from '../rpcs';
import { CycleStore } from '../store/cycle.store';
import { judgeCycles } from './due';
import { sweepMeters } from './metrics';
import { createOwners } from './owners.client';
import { Sweeper } from './sweep.worker';

/** What looks after caches, put together. */
export function wireSweeps({ config, database, rpc, metrics, log, now, stopping }: Host<CacheJanitorConfig>): { rpcs: RpcHandler[]; tasks: Task[]; checks: HealthCheck[] } {
  const { expiryMs, budgetBytes, mirrorBudgetBytes, compressOverBytes, everyMs, retryMs, lookMs } = config;
  const policy = { expiryMs, budgetBytes, mirrorBudgetBytes, compressOverBytes, everyMs };
  const pace = { everyMs, retryMs };
  const cycles = new CycleStore(database);
  const owners = createOwners(rpc, stopping);
  const sweeper = new Sweeper({ cycles, owners, meters: sweepMeters(metrics), policy, pace, log, now, newId: v7, lookMs });
  return {
    rpcs: rpcs({ cycles, owners, policy, pace, newId: v7, now, wake: () => sweeper.wake() }),
    tasks: [sweeper],
    checks: [{ name: 'caches', critical: false, check: async () => judgeCycles(await cycles.last(), pace, now()) }],
  };
}
