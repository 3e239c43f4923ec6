import type { AuthSessionCreateRequest, AuthSessionCreateResponse, AuthSessionEndRequest, AuthSessionEndResponse, AuthSessionListRequest, AuthSessionListResponse, AuthSessionRefreshRequest, Session } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { RpcContext, UnitOfWork } from '@granary/messaging';
import { may, whyNotManage } from '@granary/security';
import type { AccessClaims, Refusal } from '@granary/security';
import type { AuthDeps } from '../deps';
import { isStale } from '../keys/use';
import { asActor, asBearer, claimsOf, demand } from '../principals/as-principal';
import { findActor } from '../principals/find.handler';
import { whoseToList } from '../principals/whose.handler';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import type { SessionEntity } from '../store/session.entity';
import { sessionStore } from '../store/session.store';
import { checkPassword } from './attempt.handler';
import { endSession } from './end-sessions.handler';
import { hashesOf, judgeRefreshToken, newRefreshToken, parseRefreshToken, renderRefreshToken } from './refresh-token';
import type { RefreshToken } from './refresh-token';

/** Of one principal at once; the oldest makes room for the next. */
const MOST_SESSIONS = 100;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Logs in. */
export const createSession = (deps: AuthDeps) => async ({ tenant, name, password }: AuthSessionCreateRequest, context: RpcContext): Promise<AuthSessionCreateResponse> => {
  const checked = await checkPassword(deps, context, { tenant, name, password });
  if (checked.state === 'wrong') throw checked.fault;
  const { principal } = checked;
  const begun = await deps.tenancy.within({ ...context, tenant }, async (unit) => {
    await checked.settle(unit);
    await makeRoom(deps, unit, principal);
    return beginSession(deps, unit, principal);
  });
  deps.log.info({ principalId: principal.principalId, sid: begun.session.sid }, 'logged in');
  return answer(deps, principal, begun);
};

/** Goes on with a session. The refresh token is replaced; whoever shows a replaced one ends the session, because two have it. */
export const refreshSession = (deps: AuthDeps) => async ({ refreshToken }: AuthSessionRefreshRequest, context: RpcContext): Promise<AuthSessionCreateResponse> => {
  const shown = parseRefreshToken(refreshToken);
  const tenant = shown && (await tenantOf(deps, context, shown.sid));
  const refreshed: Refreshed = shown === null || tenant === null ? { state: 'refused', reason: 'unknown-token', owner: null } : await deps.tenancy.within({ ...context, tenant }, (unit) => refresh(deps, unit, shown));
  if (refreshed.state === 'refreshed') return answer(deps, refreshed.principal, refreshed);
  if (refreshed.reason === 'reuse') {
    deps.meters.reused();
    await deps.trust.refresh();
  }
  await deps.failures.tell(context, { owner: refreshed.owner, credential: 'refresh-token', reason: refreshed.reason });
  const { code, message } = REFRESH_REFUSALS[refreshed.reason];
  throw Fault.permanent(code, message);
};

/** Ends the own session, another own one, or with the right to manage its owner any of the tenant. Twice is fine. */
export const endOneSession = (deps: AuthDeps) => async (request: AuthSessionEndRequest, context: RpcContext): Promise<AuthSessionEndResponse> => {
  const claims = claimsOf(context);
  const sid = request.sid ?? claims.sid;
  const endedAt = await deps.tenancy.within(context, async (unit) => {
    const session = UUID.test(sid) ? await sessionStore.lock(unit.manager, sid) : null;
    if (session === null || !(await mayEnd(unit, session, claims))) throw sessionNotFound(request.sid === undefined);
    return session.endedAt ?? endSession(deps, unit, session, session.principalId === claims.sub ? 'logout' : 'revoked', claims.sub);
  });
  await deps.trust.refresh();
  return { sid, endedAt: endedAt.toISOString() };
};

export const listSessions = ({ tenancy, now }: AuthDeps) => async (request: AuthSessionListRequest, context: RpcContext): Promise<AuthSessionListResponse> => {
  const { limit, after } = readPage(request, UUID);
  const claims = claimsOf(context);
  const rows = await tenancy.within(context, async ({ manager }) => {
    const principalId = await whoseToList(manager, context.tenant, claims, request.principal);
    return sessionStore.list(manager, context.tenant, { principalId, after, now: now(), limit: limit + 1 });
  });
  const page = pageOf(rows, limit, ({ sid }) => sid);
  return { sessions: page.rows.map(asSession), next: page.next };
};

interface Begun {
  readonly session: SessionEntity;
  readonly token: RefreshToken;
}

async function beginSession({ now, newId, sessionMs }: AuthDeps, { manager, announce }: UnitOfWork, { principalId, tenant }: PrincipalEntity): Promise<Begun> {
  const at = now();
  const token = newRefreshToken(newId());
  const session: SessionEntity = { sid: token.sid, tenant, principalId, ...hashesOf(token), createdAt: at, lastUsedAt: at, refreshUntil: new Date(at.getTime() + sessionMs), endedAt: null };
  await sessionStore.add(manager, session);
  await principalStore.saveSeen(manager, principalId, at);
  announce({ type: 'auth.login-succeeded.v1', key: principalId, data: { principalId, sid: session.sid, by: principalId } });
  return { session, token };
}

async function makeRoom(deps: AuthDeps, unit: UnitOfWork, { tenant, principalId }: PrincipalEntity): Promise<void> {
  const open = await sessionStore.lockOpen(unit.manager, tenant, principalId);
  for (const session of open.slice(0, Math.max(0, open.length - MOST_SESSIONS + 1))) await endSession(deps, unit, session, 'revoked', null);
}

async function answer({ trust, meters }: AuthDeps, principal: PrincipalEntity, { session, token }: Begun): Promise<AuthSessionCreateResponse> {
  const { principalId, tenant, kind, name, grants } = principal;
  const { accessToken, expiresAt } = await trust.issue({ sub: principalId, tid: tenant, kind, name, grants, sid: session.sid });
  meters.issued('session');
  return { accessToken, expiresAt: expiresAt.toISOString(), refreshToken: renderRefreshToken(token), refreshUntil: session.refreshUntil.toISOString(), principal: asBearer(principal) };
}

type RefreshReason = 'unknown-token' | 'reuse' | 'session-ended' | 'session-expired' | 'disabled';
type Refreshed = ({ readonly state: 'refreshed'; readonly principal: PrincipalEntity } & Begun) | { readonly state: 'refused'; readonly reason: RefreshReason; readonly owner: { readonly principalId: string; readonly tenant: string } | null };

const ENDED: Refusal = { code: 'session-ended', message: 'this session has ended; log in again' };
const REFRESH_REFUSALS: Readonly<Record<RefreshReason, Refusal>> = {
  'unknown-token': { code: 'session-refused', message: 'this is no refresh token of a session; log in again' },
  reuse: { code: 'refresh-token-reused', message: 'this refresh token was used before, so somebody else may have it, and the session was ended; log in again' },
  'session-ended': ENDED,
  'session-expired': ENDED,
  disabled: { code: 'disabled', message: 'this principal was disabled; ask an owner or admin of the tenant' },
};

/** Whose session it is, is not known before it is found. */
async function tenantOf({ tenancy }: AuthDeps, context: RpcContext, sid: string): Promise<string | null> {
  return tenancy.across(context, async ({ manager }) => (await sessionStore.lock(manager, sid))?.tenant ?? null);
}

async function refresh(deps: AuthDeps, unit: UnitOfWork, shown: RefreshToken): Promise<Refreshed> {
  const { manager } = unit;
  const session = await sessionStore.lock(manager, shown.sid);
  const judged = session === null ? 'foreign' : judgeRefreshToken(shown, session);
  if (session === null || judged === 'foreign') return { state: 'refused', reason: 'unknown-token', owner: null };
  const refused = (reason: RefreshReason): Refreshed => ({ state: 'refused', reason, owner: session });
  const at = deps.now();
  if (session.endedAt !== null) return refused('session-ended');
  if (judged === 'used') {
    await endSession(deps, unit, session, 'reuse', null);
    return refused('reuse');
  }
  if (session.refreshUntil <= at) return refused('session-expired');
  const principal = await principalStore.get(manager, session.principalId);
  if (principal.state !== 'active') return refused('disabled');
  const token = newRefreshToken(session.sid, shown.family);
  await sessionStore.saveRefresh(manager, { sid: session.sid, currentHash: hashesOf(token).currentHash, lastUsedAt: at });
  if (isStale(principal.lastSeenAt, at)) await principalStore.saveSeen(manager, principal.principalId, at);
  return { state: 'refreshed', principal, session, token };
}

/** Who may not is told that there is none. */
async function mayEnd({ manager }: UnitOfWork, session: SessionEntity, claims: AccessClaims): Promise<boolean> {
  if (session.principalId === claims.sub) return true;
  if (!may(claims, 'identity:write')) return false;
  demand(whyNotManage(await findActor(manager, claims), asActor(await principalStore.get(manager, session.principalId))));
  return true;
}

function sessionNotFound(own: boolean): Fault {
  if (own) return Fault.permanent('session-not-found', 'the token was given for an API key and not for a session, so there is none to end; revoke the key, or name a session');
  return Fault.permanent('session-not-found', "there is no such session among those you may end; leave the session out to end your own");
}

function asSession({ sid, principalId, createdAt, lastUsedAt, refreshUntil }: SessionEntity): Session {
  return { sid, principalId, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString(), refreshUntil: refreshUntil.toISOString() };
}
