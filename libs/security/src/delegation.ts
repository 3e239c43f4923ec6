import { may, repositoriesFor, type Access } from './access';
import { isOwner, type Grant } from './grant';
import { PERMISSIONS, type Permission } from './permission';
import type { Refusal } from './refusal';

/** A principal, or somebody who acts as one. */
export interface Actor extends Access {
  /** The principal's id. */
  readonly sub: string;
}

/**
 * Why somebody may not replace the grants `before` of a principal of the same tenant by `after`; null when nothing is against it.
 * It needs identity:write, only owners give or take `owner`, and nobody gives more than they have, narrowed as they are.
 */
export function whyNotGrant(by: Actor, before: readonly Grant[], after: readonly Grant[]): Refusal | null {
  if (!may(by, 'identity:write')) return NEEDS_IDENTITY_WRITE;
  if (isOwner(before) !== isOwner(after) && !isOwner(by.grants)) return ONLY_OWNERS;
  return beyond(by, { tid: by.tid, grants: after }, { tid: by.tid, grants: before });
}

/**
 * Why somebody may not act on a principal of the same tenant as its master: set its password, issue it a key, disable it. Whoever
 * can do that can become that principal, so the rules are those of granting all that it has. Null when nothing is against it.
 */
export function whyNotManage(by: Actor, principal: Actor): Refusal | null {
  if (!may(by, 'identity:write')) return NEEDS_IDENTITY_WRITE;
  if (isOwner(principal.grants) && !isOwner(by.grants)) return ONLY_OWNERS;
  return beyond(by, principal);
}

/**
 * Why somebody may not issue an API key with this scope for a principal of the same tenant; null when nothing is against it. For
 * oneself no permission is needed, but who holds a narrowed key gets no wider one by it.
 */
export function whyNotIssueKey(by: Actor, principal: Actor, scope?: readonly Permission[]): Refusal | null {
  if (by.sub !== principal.sub) return whyNotManage(by, principal);
  return beyond(by, { tid: principal.tid, grants: principal.grants, ...(scope && { scope }) });
}

const NEEDS_IDENTITY_WRITE: Refusal = { code: 'permission-missing', message: 'this needs identity:write on the whole tenant; ask an owner or admin of the tenant' };
const ONLY_OWNERS: Refusal = { code: 'owner-needed', message: 'this concerns an owner, so only an owner of the tenant may do it; ask one' };

/** What would be given although the giver has not got it, and it was not there before. */
function beyond(by: Access, given: Access, before: Access = { tid: given.tid, grants: [] }): Refusal | null {
  const permission = PERMISSIONS.find((wanted) => exceeds(by, given, before, wanted));
  if (!permission) return null;
  return { code: 'more-than-own', message: `this would give ${permission} where you do not have it yourself; ask somebody who has it, or give less` };
}

function exceeds(by: Access, given: Access, before: Access, permission: Permission): boolean {
  const repositories = repositoriesFor(given, permission);
  if (repositories === 'all') return !may(before, permission) && !may(by, permission);
  return [...repositories].some((id) => !may(before, permission, id) && !may(by, permission, id));
}
