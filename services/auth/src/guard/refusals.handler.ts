import type { Permission, RpcOperation } from '@granary/contracts';
import { isFault } from '@granary/faults';
import { serve } from '@granary/messaging';
import type { RpcContext, RpcHandler } from '@granary/messaging';
import type { RpcShapes } from '@granary/contracts';
import type { AuthDeps } from '../deps';
import { createSeldom } from './seldom';

export interface ToldRefusal {
  readonly operation: RpcOperation;
  readonly correlationId: string;
  readonly tenant: string;
  readonly by: string | null;
  readonly reason: string;
  readonly permission: Permission | null;
}

/** Announces refusals: of one principal for one reason at one operation at most one a minute. All of them are counted. */
export interface Refusals {
  tell(refusal: ToldRefusal): Promise<void>;
}

const MINUTE = 60_000;

export function createRefusals({ tenancy, log, now }: Pick<AuthDeps, 'tenancy' | 'log' | 'now'>): Refusals {
  const worthTelling = createSeldom({ everyMs: MINUTE, most: 10_000, now });
  return {
    async tell({ operation, correlationId, tenant, by, reason, permission }) {
      if (!worthTelling(JSON.stringify([tenant, by, operation, reason]))) return;
      try {
        await tenancy.within({ tenant, correlationId }, async ({ announce }) => {
          announce({ type: 'auth.access-refused.v1', key: by ?? tenant, data: { operation, permission, repositoryId: null, reason, by } });
        });
      } catch (error) {
        // It is refused all the same.
        log.error({ err: error, operation, reason }, 'a refusal could not be announced');
      }
    },
  };
}

/** Refusals of the rules who may act on whom, which only a handler can find. */
const BY_RULE = new Set(['permission-missing', 'owner-needed', 'more-than-own', 'disabled']);

/** A handler whose refusals are announced like those of the guard. */
export function serveTold<O extends RpcOperation>(refusals: Refusals, operation: O, handler: (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>): RpcHandler {
  return serve(operation, async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      if (context.access !== null && isFault(error) && BY_RULE.has(error.code)) {
        const { tid, sub } = context.access;
        await refusals.tell({ operation, correlationId: context.correlationId, tenant: tid, by: sub, reason: error.code, permission: 'identity:write' });
      }
      throw error;
    }
  });
}
