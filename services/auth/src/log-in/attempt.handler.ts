import { Fault } from '@granary/faults';
import type { Cause, UnitOfWork } from '@granary/messaging';
import { PLATFORM_TENANT } from '@granary/security';
import type { AuthDeps } from '../deps';
import type { LoginOutcome } from '../metrics';
import { loginFailureStore } from '../store/login-failures.store';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import { LOCKOUT, afterFailure, lockedUntil, secondsUntil } from './lockout';

export interface Attempt {
  readonly tenant: string;
  readonly name: string;
  readonly password: string;
}

export type Checked =
  | {
      readonly state: 'right';
      readonly principal: PrincipalEntity;
      /** Forgets earlier failures, with the transaction that makes use of the success. @throws Fault when it was overtaken by a change */
      settle(unit: UnitOfWork): Promise<void>;
    }
  | { readonly state: 'wrong'; readonly fault: Fault };

const refused = () => Fault.permanent('login-refused', 'tenant, name or password is wrong; check all three');
const disabled = () => Fault.permanent('disabled', 'this principal was disabled; ask an owner or admin of the tenant');

type AttemptDeps = Pick<AuthDeps, 'tenancy' | 'passwords' | 'vault' | 'meters' | 'now'>;

/**
 * Checks a name and a password. An attempt counts as failed before its password is looked at, so that many at once get no more
 * tries than one after the other; success takes it back. Whatever is wrong, a hash is computed, so that time tells nothing.
 */
export async function checkPassword(deps: AttemptDeps, { correlationId }: Pick<Cause, 'correlationId'>, attempt: Attempt): Promise<Checked> {
  const known = await lookUp(deps, correlationId, attempt);
  const place = placeOf(deps, known, attempt, correlationId);
  const counted = await count(deps, place);
  const right = await deps.passwords.verify(attempt.password, known.phc).catch(async (error: unknown) => {
    if (counted.state === 'counted') await deps.tenancy.within(place, ({ manager }) => loginFailureStore.takeBack(manager, place.tenant, place.subject));
    throw error;
  });
  const outcome = outcomeOf(known, counted, right);
  deps.meters.login(outcome);
  if (outcome !== 'succeeded') {
    await tellFailure(deps, place, known.principal, outcome, counted);
    return { state: 'wrong', fault: faultOf(outcome, counted, deps.now()) };
  }
  const { principal, phc } = known;
  if (principal === null || phc === null) throw new Error('a password cannot be right where there is none');
  const better = deps.passwords.needsRehash(phc) ? await deps.passwords.hash(attempt.password) : null;
  return { state: 'right', principal, settle: (unit) => settle(deps, unit, { place, principal, phc, better }) };
}

interface Known {
  readonly isTenant: boolean;
  readonly principal: PrincipalEntity | null;
  readonly phc: string | null;
}

async function lookUp({ tenancy }: AttemptDeps, correlationId: string, { tenant, name }: Attempt): Promise<Known> {
  return tenancy.within({ tenant, correlationId }, async ({ manager }) => {
    const isTenant = (await principalStore.tenant(manager, tenant)) !== null;
    const found = await principalStore.find(manager, tenant, name);
    // People log in by their name. An id is no name.
    const principal = found !== null && found.name.toLowerCase() === name.toLowerCase() ? found : null;
    return { isTenant, principal, phc: principal && (await principalStore.phc(manager, principal.principalId)) };
  });
}

/** Where failures are counted. What was typed as a name may be a password, so of names that nobody has only a keyed hash is kept. */
interface Place extends Cause {
  readonly subject: string;
}

function placeOf({ vault }: AttemptDeps, { isTenant, principal }: Known, { tenant, name }: Attempt, correlationId: string): Place {
  const subject = principal?.principalId ?? `name:${vault.hash(JSON.stringify([tenant, name.toLowerCase()]))}`;
  return { tenant: isTenant ? tenant : PLATFORM_TENANT, correlationId, subject };
}

type Counted = { readonly state: 'locked'; readonly until: Date } | { readonly state: 'counted'; readonly locksUntil: Date | null };

async function count({ tenancy, now }: AttemptDeps, place: Place): Promise<Counted> {
  return tenancy.within(place, async ({ manager }): Promise<Counted> => {
    const at = now();
    const before = await loginFailureStore.lock(manager, place.tenant, place.subject, at);
    const until = lockedUntil(before, at);
    if (until !== null) return { state: 'locked', until };
    const after = afterFailure(before, at);
    await loginFailureStore.save(manager, place.tenant, place.subject, after, at);
    return { state: 'counted', locksUntil: after.lockedUntil };
  });
}

function outcomeOf({ isTenant, principal, phc }: Known, counted: Counted, right: boolean): LoginOutcome {
  if (counted.state === 'locked') return 'locked-out';
  if (!isTenant) return 'unknown-tenant';
  if (principal === null) return 'unknown-name';
  if (phc === null) return 'no-password';
  if (!right) return 'wrong-password';
  return principal.state === 'disabled' ? 'disabled' : 'succeeded';
}

function faultOf(outcome: LoginOutcome, counted: Counted, now: Date): Fault {
  if (counted.state === 'locked') {
    const { until } = counted;
    return Fault.permanent('locked-out', `after too many wrong passwords this name is locked until ${until.toISOString()}; try again then`, { retryAfterSeconds: secondsUntil(until, now) });
  }
  // Who knows the password may know that it is not to blame.
  return outcome === 'disabled' ? disabled() : refused();
}

async function tellFailure({ tenancy, meters }: AttemptDeps, place: Place, principal: PrincipalEntity | null, reason: LoginOutcome, counted: Counted): Promise<void> {
  const locksUntil = counted.state === 'counted' && reason !== 'disabled' ? counted.locksUntil : null;
  await tenancy.within(place, async ({ announce }) => {
    const key = principal?.principalId ?? place.tenant;
    announce({ type: 'auth.login-failed.v1', key, data: { principalId: principal?.principalId ?? null, credential: 'password', reason, by: null } });
    if (locksUntil !== null && principal !== null) announce({ type: 'auth.locked-out.v1', key, data: { principalId: principal.principalId, failures: LOCKOUT.failures, until: locksUntil.toISOString(), by: null } });
  });
  if (locksUntil !== null) meters.lockedOut();
}

interface Success {
  readonly place: Place;
  readonly principal: PrincipalEntity;
  readonly phc: string;
  /** The password hashed at today's cost, when that is higher than it was. */
  readonly better: string | null;
}

async function settle({ now }: AttemptDeps, { manager }: UnitOfWork, { place, principal, phc, better }: Success): Promise<void> {
  const { principalId, tenant } = principal;
  const current = await principalStore.lock(manager, tenant, principalId);
  const overtaken = current?.state !== 'active' || (await principalStore.phc(manager, principalId)) !== phc;
  if (overtaken) throw refused();
  if (better !== null) await principalStore.savePassword(manager, { principalId, tenant, phc: better, changedAt: now() });
  await loginFailureStore.forget(manager, tenant, place.subject);
}
