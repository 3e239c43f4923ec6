import { Fault } from '@granary/faults';
import type { Admission, RpcGuard, UnprovenCall } from '@granary/messaging';
import { PLATFORM_TENANT, TOKEN_REFUSALS, verifyAccessToken } from '@granary/security';
import type { Refusal } from '@granary/security';
import type { AuthDeps } from '../deps';
import { CALL_REFUSALS, TOKEN_MISSING, judge, needsToken } from './judge';
import type { Refusals } from './refusals.handler';

/** Refused only for the moment. */
const PASSING = new Set(['trust-outdated']);

/** Lets nobody through without a good token that allows the operation; what is refused is announced. */
export function createGuard({ trust, now, refusals }: Pick<AuthDeps, 'trust' | 'now'> & { readonly refusals: Refusals }): RpcGuard {
  return {
    codes: [...CALL_REFUSALS, ...TOKEN_REFUSALS],
    async admit(call) {
      if (!needsToken(call.operation)) return { state: 'admitted', tenant: call.tenant ?? PLATFORM_TENANT, access: null };
      if (call.token === null) return withoutToken(call);
      const verdict = await verifyAccessToken(call.token, trust.current().trust, now());
      if (verdict.state === 'refused') return refuse(call, verdict.refusal);
      const { claims } = verdict;
      const judgement = judge(call.operation, claims, call.tenant);
      if (judgement.state === 'allowed') return { state: 'admitted', tenant: judgement.tenant, access: claims };
      await refusals.tell({ operation: call.operation, correlationId: call.correlationId, tenant: claims.tid, by: claims.sub, reason: judgement.refusal.code, permission: judgement.permission });
      return asFault(judgement.refusal);
    },
  };

  /** Operators decide about refused announcements by the identity of the broker, as at every other service. */
  async function withoutToken(call: UnprovenCall): Promise<Admission> {
    if (call.operation.startsWith('auth.outbox.')) return { state: 'admitted', tenant: call.tenant ?? PLATFORM_TENANT, access: null };
    return refuse(call, TOKEN_MISSING);
  }

  async function refuse({ operation, correlationId }: UnprovenCall, refusal: Refusal): Promise<Admission> {
    await refusals.tell({ operation, correlationId, tenant: PLATFORM_TENANT, by: null, reason: refusal.code, permission: null });
    return asFault(refusal);
  }
}

function asFault({ code, message }: Refusal): Admission {
  return { state: 'refused', fault: PASSING.has(code) ? Fault.transient(code, message) : Fault.permanent(code, message) };
}
