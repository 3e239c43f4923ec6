import type { AuthKeyExchangeRequest, AuthKeyExchangeResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext, UnitOfWork } from '@granary/messaging';
import { parseApiKey, secretMatches } from '@granary/security';
import type { Refusal } from '@granary/security';
import type { AuthDeps } from '../deps';
import { isStale, keyState, whatToTell } from '../keys/use';
import { asBearer } from '../principals/as-principal';
import type { ApiKeyEntity } from '../store/api-key.entity';
import { apiKeyStore } from '../store/api-key.store';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';

type Reason = 'malformed' | 'unknown-key' | 'wrong-secret' | 'revoked' | 'expired' | 'disabled';
type Exchanged = { readonly state: 'good'; readonly key: ApiKeyEntity; readonly principal: PrincipalEntity } | { readonly state: 'refused'; readonly reason: Reason; readonly owner: ApiKeyEntity | null };

const REFUSED: Refusal = { code: 'key-refused', message: 'this is no API key of this Granary; check that it was copied whole' };
const REFUSALS: Readonly<Record<Reason, Refusal>> = {
  malformed: REFUSED,
  'unknown-key': REFUSED,
  'wrong-secret': REFUSED,
  revoked: { code: 'key-revoked', message: 'this API key was revoked; use another one' },
  expired: { code: 'key-expired', message: 'this API key has expired; issue another one' },
  disabled: { code: 'disabled', message: 'the principal of this API key was disabled; ask an owner or admin of the tenant' },
};

/** Exchanges an API key for an access token, narrowed to its scope and no longer good than the key. */
export const exchangeKey = (deps: AuthDeps) => async ({ key: text }: AuthKeyExchangeRequest, context: RpcContext): Promise<AuthKeyExchangeResponse> => {
  const parsed = parseApiKey(text);
  const exchanged = parsed === null ? refused('malformed') : await exchange(deps, context, parsed);
  if (exchanged.state === 'refused') {
    await deps.failures.tell(context, { owner: exchanged.owner, credential: 'api-key', reason: exchanged.reason });
    const { code, message } = REFUSALS[exchanged.reason];
    throw Fault.permanent(code, message);
  }
  const { key, principal } = exchanged;
  const { principalId, tenant, kind, name, grants } = principal;
  const subject = { sub: principalId, tid: tenant, kind, name, grants, sid: key.keyId, ...(key.scope && { scope: key.scope }) };
  const seconds = key.expiresAt === null ? undefined : Math.max(1, Math.floor((key.expiresAt.getTime() - deps.now().getTime()) / 1_000));
  const { accessToken, expiresAt } = await deps.trust.issue(subject, seconds);
  deps.meters.issued('api-key');
  return { accessToken, expiresAt: expiresAt.toISOString(), principal: asBearer(principal) };
};

async function exchange(deps: AuthDeps, context: RpcContext, { id, secret }: { id: string; secret: string }): Promise<Exchanged> {
  // Whose key it is, is not known before it is found.
  const found = await deps.tenancy.across(context, ({ manager }) => apiKeyStore.find(manager, id));
  if (found === null) return refused('unknown-key');
  if (!secretMatches(secret, found.hash)) return refused('wrong-secret', found);
  return deps.tenancy.within({ ...context, tenant: found.tenant }, (unit) => use(deps, unit, id, found));
}

async function use({ now }: AuthDeps, { manager, announce }: UnitOfWork, keyId: string, found: ApiKeyEntity): Promise<Exchanged> {
  const at = now();
  const key = (await apiKeyStore.lock(manager, keyId)) ?? found;
  const state = keyState(key, at);
  if (state !== 'active') return refused(state, key);
  const principal = await principalStore.get(manager, key.principalId);
  if (principal.state !== 'active') return refused('disabled', key);
  const told = whatToTell(key, at);
  const { principalId } = principal;
  if (told !== 'nothing') announce({ type: 'auth.key-used.v1', key: principalId, data: { keyId, principalId, first: told === 'first', by: principalId } });
  if (told !== 'nothing' || isStale(key.lastUsedAt, at)) await apiKeyStore.saveUse(manager, { keyId, lastUsedAt: at, useToldAt: told === 'nothing' ? key.useToldAt : at });
  if (isStale(principal.lastSeenAt, at)) await principalStore.saveSeen(manager, principalId, at);
  return { state: 'good', key, principal };
}

function refused(reason: Reason, owner: ApiKeyEntity | null = null): Exchanged {
  return { state: 'refused', reason, owner };
}
