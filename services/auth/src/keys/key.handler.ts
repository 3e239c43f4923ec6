import type { ApiKey, AuthKeyIssueRequest, AuthKeyIssueResponse, AuthKeyListRequest, AuthKeyListResponse, AuthKeyRevokeRequest, AuthKeyRevokeResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { RpcContext, UnitOfWork } from '@granary/messaging';
import { checkScope, makeApiKey, may, permissionsOf, whyNotIssueKey, whyNotManage } from '@granary/security';
import type { AccessClaims, MadeApiKey, Permission } from '@granary/security';
import type { AuthDeps } from '../deps';
import { asActor, claimsOf, demand } from '../principals/as-principal';
import { findActor, findPrincipal } from '../principals/find.handler';
import { whoseToList } from '../principals/whose.handler';
import type { ApiKeyEntity } from '../store/api-key.entity';
import { apiKeyStore } from '../store/api-key.store';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import { keyState } from './use';

const CURSOR = /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9A-Za-z]{16}$/;

/** Issues an API key: the one moment in which anybody sees it. */
export const issueKey = (deps: AuthDeps) => async (request: AuthKeyIssueRequest, context: RpcContext): Promise<AuthKeyIssueResponse> => {
  const claims = claimsOf(context);
  const scope = checkedScope(request.scope);
  const expiresAt = checkedExpiry(request.expiresAt, deps.now());
  const made = makeApiKey();
  const issued = await deps.tenancy.within(context, async (unit) => {
    const principal = await findPrincipal(unit.manager, context.tenant, request.principal ?? claims.sub);
    demand(whyNotIssueKey(await findActor(unit.manager, claims), asActor(principal), scope ?? undefined));
    refuseUseless(principal, scope);
    return insertKey(deps, unit, { principal, made, name: request.name, scope, expiresAt, by: claims.sub });
  });
  deps.log.info({ keyId: issued.keyId, principalId: issued.principalId, by: claims.sub }, 'API key issued');
  return { key: made.key, issued: asKey(issued, deps.now()) };
};

export interface NewKey {
  readonly principal: PrincipalEntity;
  readonly made: Pick<MadeApiKey, 'id' | 'hash'>;
  readonly name: string;
  readonly scope: Permission[] | null;
  readonly expiresAt: Date | null;
  readonly by: string | null;
}

export async function insertKey({ now }: Pick<AuthDeps, 'now'>, { manager, announce }: UnitOfWork, { principal, made, name, scope, expiresAt, by }: NewKey): Promise<ApiKeyEntity> {
  const { principalId, tenant } = principal;
  const key: ApiKeyEntity = { keyId: made.id, tenant, principalId, name, hash: made.hash, scope, createdAt: now(), expiresAt, lastUsedAt: null, useToldAt: null, revokedAt: null };
  await apiKeyStore.add(manager, key);
  announce({ type: 'auth.key-issued.v1', tenant, key: principalId, data: { keyId: key.keyId, principalId, scope, expiresAt: expiresAt?.toISOString() ?? null, by } });
  return key;
}

export const listKeys = ({ tenancy, now }: AuthDeps) => async (request: AuthKeyListRequest, context: RpcContext): Promise<AuthKeyListResponse> => {
  const { limit, after } = readPage(request, CURSOR);
  const claims = claimsOf(context);
  const rows = await tenancy.within(context, async ({ manager }) => {
    const principalId = await whoseToList(manager, context.tenant, claims, request.principal);
    return apiKeyStore.list(manager, context.tenant, { principalId, after: after === null ? null : positionOf(after), limit: limit + 1 });
  });
  const page = pageOf(rows, limit, ({ createdAt, keyId }) => `${createdAt.toISOString()} ${keyId}`);
  return { keys: page.rows.map((key) => asKey(key, now())), next: page.next };
};

/** Revokes an own key, or with the right to manage its owner any of the tenant, and the tokens it was exchanged for. Twice is fine. */
export const revokeKey = (deps: AuthDeps) => async ({ id }: AuthKeyRevokeRequest, context: RpcContext): Promise<AuthKeyRevokeResponse> => {
  const claims = claimsOf(context);
  const revoked = await deps.tenancy.within(context, async (unit) => {
    const key = await apiKeyStore.lock(unit.manager, id);
    if (key === null || !(await mayRevoke(unit, key, claims))) throw Fault.permanent('key-not-found', "there is no such API key among those you may revoke: 'granary keys list' shows them");
    if (key.revokedAt !== null) return key;
    const revokedAt = deps.now();
    await apiKeyStore.saveRevoked(unit.manager, id, revokedAt);
    await deps.trust.revoke(unit, key.tenant, [id]);
    unit.announce({ type: 'auth.key-revoked.v1', key: key.principalId, data: { keyId: id, principalId: key.principalId, by: claims.sub } });
    return { ...key, revokedAt };
  });
  await deps.trust.refresh();
  deps.log.info({ keyId: id, by: claims.sub }, 'API key revoked');
  return { revoked: asKey(revoked, deps.now()) };
};

async function mayRevoke({ manager }: UnitOfWork, key: ApiKeyEntity, claims: AccessClaims): Promise<boolean> {
  if (key.principalId === claims.sub) return true;
  if (!may(claims, 'identity:write')) return false;
  demand(whyNotManage(await findActor(manager, claims), asActor(await principalStore.get(manager, key.principalId))));
  return true;
}

function checkedScope(value: unknown): Permission[] | null {
  if (value === undefined) return null;
  const checked = checkScope(value);
  if (checked.state === 'invalid') throw Fault.permanent('invalid-scope', checked.problems.join('; '));
  return [...checked.scope];
}

function checkedExpiry(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const expiresAt = new Date(text);
  if (!(expiresAt > now)) throw Fault.permanent('expiry-passed', 'the key would have expired already; name a moment to come');
  return expiresAt;
}

function refuseUseless(principal: PrincipalEntity, scope: readonly Permission[] | null): void {
  if (principal.state !== 'active') throw Fault.permanent('disabled', 'this principal is disabled, so a key of it would be refused; enable it first');
  const owned = new Set(permissionsOf(asActor(principal)));
  const missing = (scope ?? []).filter((permission) => !owned.has(permission));
  if (missing.length > 0) throw Fault.permanent('scope-too-wide', `the owner of the key does not have ${missing.join(', ')}; leave that out, or grant a role that has it`);
}

function positionOf(cursor: string): { createdAt: Date; keyId: string } {
  const [createdAt = '', keyId = ''] = cursor.split(' ');
  const date = new Date(createdAt);
  if (Number.isNaN(date.getTime())) throw Fault.permanent('bad-cursor', "this is not a cursor of this list: pass 'next' of the answer before, or leave it out to begin anew");
  return { createdAt: date, keyId };
}

function asKey(key: ApiKeyEntity, now: Date): ApiKey {
  const { keyId, principalId, name, scope, createdAt, expiresAt, lastUsedAt } = key;
  return { keyId, principalId, name, scope, state: keyState(key, now), createdAt: createdAt.toISOString(), expiresAt: expiresAt?.toISOString() ?? null, lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
