import type { AuthRefusalReportRequest, AuthRefusalReportResponse, RpcOperation, RpcShapes } from '@granary/contracts';
import { isFault } from '@granary/faults';
import { serve } from '@granary/messaging';
import type { RpcContext, RpcHandler } from '@granary/messaging';
import { createWorthTelling, type Refusals } from '@granary/service-host';
import type { AuthDeps } from '../deps';

/** Announces refusals: of one principal for one reason at one operation at most one a minute. All of them are counted. */
export function createRefusals({ tenancy, log, now }: Pick<AuthDeps, 'tenancy' | 'log' | 'now'>): Refusals {
  const isWorthTelling = createWorthTelling(now);
  return {
    async tell(refusal) {
      if (!isWorthTelling(refusal)) return;
      const { operation, correlationId, tenant, by, reason, permission } = refusal;
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

/** Announces what other services have refused. */
export const reportRefusals = (refusals: Refusals) => async ({ refusals: reported }: AuthRefusalReportRequest): Promise<AuthRefusalReportResponse> => {
  for (const refusal of reported) await refusals.tell(refusal);
  return {};
};

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
