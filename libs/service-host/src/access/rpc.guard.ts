import { Fault } from '@granary/faults';
import type { Admission, RpcGuard, UnprovenCall } from '@granary/messaging';
import { PLATFORM_TENANT, TOKEN_REFUSALS } from '@granary/security';
import type { Refusal } from '@granary/security';
import { CALL_REFUSALS, TOKEN_MISSING, judge, needsToken } from './judge';
import type { Refusals } from './refusals.worker';
import type { Tokens } from './tokens.guard';

/** Refused only for the moment. */
const PASSING = new Set(['trust-outdated']);

/** Lets nobody through without a good token that allows the operation; what is refused is told. */
export function createGuard({ tokens, refusals }: { readonly tokens: Tokens; readonly refusals: Refusals }): RpcGuard {
  return {
    codes: [...CALL_REFUSALS, ...TOKEN_REFUSALS],
    async admit(call) {
      if (!needsToken(call.operation)) return { state: 'admitted', tenant: call.tenant ?? PLATFORM_TENANT, access: null, repositories: 'all' };
      if (call.token === null) return refuse(call, TOKEN_MISSING);
      const verdict = await tokens.verify(call.token);
      if (verdict.state === 'refused') return refuse(call, verdict.refusal);
      const { claims } = verdict;
      const judgement = judge(call.operation, claims, call.tenant);
      if (judgement.state === 'allowed') return { state: 'admitted', tenant: judgement.tenant, access: claims, repositories: judgement.repositories };
      const { operation, correlationId } = call;
      await refusals.tell({ operation, correlationId, tenant: claims.tid, by: claims.sub, reason: judgement.refusal.code, permission: judgement.permission });
      return asFault(judgement.refusal);
    },
  };

  async function refuse({ operation, correlationId }: UnprovenCall, refusal: Refusal): Promise<Admission> {
    if (!PASSING.has(refusal.code)) await refusals.tell({ operation, correlationId, tenant: PLATFORM_TENANT, by: null, reason: refusal.code, permission: null });
    return asFault(refusal);
  }
}

function asFault({ code, message }: Refusal): Admission {
  return { state: 'refused', fault: PASSING.has(code) ? Fault.transient(code, message) : Fault.permanent(code, message) };
}
