import { PERMISSIONS, isOfARepository } from './permission';
import { ROLES, isRole, roleHas, type Role } from './role';

/** One role of a principal, on its whole tenant or on the repositories with the listed ids. */
export interface Grant {
  readonly role: Role;
  readonly repositories: 'all' | readonly string[];
}

/** Over all grants of a principal: they travel in each of its access tokens, which have to stay under 8 KiB. */
export const MOST_REPOSITORIES = 100;

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export type CheckedGrants = { readonly state: 'valid'; readonly grants: readonly Grant[] } | { readonly state: 'invalid'; readonly problems: readonly string[] };

/** Grants that somebody wants to give, with all problems told together. Whether that somebody may give them is for `whyNotGrant`. */
export function checkGrants(value: unknown): CheckedGrants {
  if (!Array.isArray(value)) return { state: 'invalid', problems: ['grants are a list; an empty one takes everything away'] };
  const problems = [...value.flatMap(problemsOfOne), ...repeatedRoles(value), ...tooMany(value)];
  if (problems.length > 0) return { state: 'invalid', problems };
  return { state: 'valid', grants: readGrants(value) ?? [] };
}

/**
 * The grants of a token, or null where the shape is wrong. A role that this version does not know gives nothing, so that
 * services of the version before live through an upgrade.
 */
export function readGrants(value: unknown): readonly Grant[] | null {
  if (!Array.isArray(value) || !value.every(hasShape)) return null;
  return value.flatMap(({ role, repositories }) => (isRole(role) ? [{ role, repositories }] : []));
}

/** Whether somebody with these grants is an owner. */
export function isOwner(grants: readonly Grant[]): boolean {
  return grants.some(({ role, repositories }) => role === 'owner' && repositories === 'all');
}

function problemsOfOne(grant: unknown, at: number): string[] {
  const where = `grants[${at}]`;
  if (!hasShape(grant)) return [`${where} needs a role and repositories, which are 'all' or a list of ids`];
  const { role, repositories } = grant;
  if (!isRole(role)) return [`${where}.role is not a role; the roles are ${ROLES.join(', ')}`];
  if (repositories === 'all') return [];
  if (role === 'owner') return [`${where}: owner counts for a whole tenant; grant admin for single repositories`];
  if (!PERMISSIONS.some((permission) => isOfARepository(permission) && roleHas(role, permission))) {
    return [`${where}: ${role} has no permission on a repository; grant it with repositories 'all'`];
  }
  if (repositories.length === 0) return [`${where} names no repository; name some, say 'all' or leave the grant out`];
  if (!repositories.every((id) => ID.test(id))) return [`${where}.repositories has something that is no repository id; \`granary repos list\` shows the ids`];
  return new Set(repositories).size < repositories.length ? [`${where}.repositories names one twice; name each once`] : [];
}

function repeatedRoles(grants: readonly unknown[]): string[] {
  const roles = grants.filter(hasShape).map(({ role }) => role);
  const repeated = ROLES.filter((role) => roles.indexOf(role) !== roles.lastIndexOf(role));
  return repeated.map((role) => `${role} is granted twice; put its repositories into one grant`);
}

function tooMany(grants: readonly unknown[]): string[] {
  const count = grants.filter(hasShape).reduce((sum, { repositories }) => sum + (repositories === 'all' ? 0 : repositories.length), 0);
  return count > MOST_REPOSITORIES ? [`${count} repositories are named, ${MOST_REPOSITORIES} are possible; grant with repositories 'all', or to several principals`] : [];
}

function hasShape(value: unknown): value is { role: string; repositories: 'all' | readonly string[] } {
  if (typeof value !== 'object' || value === null) return false;
  const { role, repositories } = value as Record<string, unknown>;
  if (typeof role !== 'string') return false;
  return repositories === 'all' || (Array.isArray(repositories) && repositories.every((id) => typeof id === 'string'));
}
