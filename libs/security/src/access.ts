import type { Grant } from './grant';
import { PERMISSIONS, isOfARepository, isOfThePlatform, type Permission } from './permission';
import { roleHas } from './role';
import { PLATFORM_TENANT } from './tenant';

/** What decides about permissions: claims of an access token, or a principal as auth keeps it. */
export interface Access {
  /** The tenant that the grants belong to. */
  readonly tid: string;
  readonly grants: readonly Grant[];
  /** Where present, only these of the granted permissions count: an API key that was narrowed. */
  readonly scope?: readonly Permission[];
}

/**
 * Whether somebody may do something inside the own tenant: with `repositoryId` to that repository, without it to the whole
 * tenant. Whether the thing asked for belongs to that tenant is another question, which the caller has to ask as well.
 */
export function may(access: Access, permission: Permission, repositoryId?: string): boolean {
  return effective(access, permission).some(({ repositories }) => repositories === 'all' || (repositoryId !== undefined && repositories.includes(repositoryId)));
}

/** On which repositories somebody may do something: `all`, or these ids, which may be none. For lists that show what may be seen. */
export function repositoriesFor(access: Access, permission: Permission): 'all' | ReadonlySet<string> {
  const grants = effective(access, permission);
  if (grants.some(({ repositories }) => repositories === 'all')) return 'all';
  return new Set(grants.flatMap(({ repositories }) => (repositories === 'all' ? [] : repositories)));
}

/** All permissions somebody has, on the whole tenant or on one repository at least; in the order of `PERMISSIONS`. */
export function permissionsOf(access: Access): readonly Permission[] {
  return PERMISSIONS.filter((permission) => effective(access, permission).length > 0);
}

/** The grants that bring a permission. */
function effective({ tid, grants, scope }: Access, permission: Permission): readonly Grant[] {
  if (scope && !scope.includes(permission)) return [];
  if (isOfThePlatform(permission) && tid !== PLATFORM_TENANT) return [];
  return grants.filter(({ role, repositories }) => roleHas(role, permission) && (repositories === 'all' || (repositories.length > 0 && isOfARepository(permission))));
}
