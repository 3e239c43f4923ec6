import { randomUUID } from 'node:crypto';
import type { RpcHandler } from '@granary/messaging';
import type { HealthCheck, Host, Task } from '@granary/service-host';
import type { AuditConfig } from '../config';
import { AiReadStore } from '../store/ai-read.store';
import { AiWriteStore } from '../store/ai-write.store';
import { BudgetStore } from '../store/budget.store';
import { PriceStore } from '../store/price.store';
import { judgeAiHealth } from './ai-health';
import { aiMeters } from './ai-meters';
import { aiRpcs } from './ai-rpcs';
import { AiProjector } from './projector.worker';

export interface AiAuditDeps extends Pick<Host<AuditConfig>, 'config' | 'database' | 'metrics' | 'log' | 'now'> {
  /** Names this process among the replicas; a new one with each start. */
  readonly owner: string;
}

/** The parts of the AI audit. */
export function aiAudit({ config, database, metrics, log, now, owner }: AiAuditDeps): { rpcs: RpcHandler[]; task: Task; check: HealthCheck } {
  const { aiLeaseTtlMs: leaseTtlMs, aiKeepMs: keepMs } = config;
  const projector = new AiProjector({ store: new AiWriteStore(database), leases: database.leases, meters: aiMeters(metrics), log, owner, newId: randomUUID, now, leaseTtlMs, keepMs });
  return {
    rpcs: aiRpcs({ database, read: new AiReadStore(database), prices: new PriceStore(database), budgets: new BudgetStore(database), now, keepMs, wake: () => projector.wake() }),
    task: projector,
    check: { name: 'ai-audit', critical: false, check: async () => judgeAiHealth(projector.state()) },
  };
}
