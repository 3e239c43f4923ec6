import type { HarvesterGateSetRequest, HarvesterGateShowResponse } from '@granary/contracts';
import type { RpcContext } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { createSecretScanner } from '@granary/secrets';
import type { GateEntity } from '../store/gate.entity';
import type { GateStore } from '../store/gate.store';
import type { RepositoryStore } from '../store/repository.store';

export interface GateDeps {
  readonly database: Database;
  readonly gates: GateStore;
  readonly repositories: RepositoryStore;
  readonly log: Logger;
  readonly now: () => Date;
}

export const showGate = ({ gates }: Pick<GateDeps, 'gates'>) => async (_request: object, { tenant }: RpcContext): Promise<HarvesterGateShowResponse> => asGate(await gates.of(tenant));

/** Changes the gate of a tenant. Its repositories are read again by the new rules as they are polled. */
export const setGate = ({ database, gates, repositories, log, now }: GateDeps) => async (request: HarvesterGateSetRequest, context: RpcContext): Promise<HarvesterGateShowResponse> => {
  // Throws with all that is wrong with them.
  createSecretScanner({ custom: request.rules ?? [] });
  const gate = await database.transact(context, async ({ manager }) => {
    const { mode, rules } = asGate(await gates.of(context.tenant, manager));
    const changed: GateEntity = { tenant: context.tenant, mode: request.mode ?? mode, rules: request.rules ?? rules, updatedAt: now() };
    await gates.save(manager, changed);
    await repositories.harvestAll(manager, context.tenant);
    return changed;
  });
  log.info({ mode: gate.mode, rules: gate.rules.length }, 'the secrets gate was changed');
  return asGate(gate);
};

/** The gate as callers see it; without a row it warns and has no rules of the tenant's own. */
export function asGate(gate: GateEntity | null): HarvesterGateShowResponse {
  return { mode: gate?.mode ?? 'warn', rules: gate?.rules ?? [], updatedAt: gate?.updatedAt.toISOString() ?? null };
}
