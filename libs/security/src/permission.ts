/** Everything that can be allowed, as `<resource>:<action>`. */
export const PERMISSIONS = [
  'repository:read', 'repository:write', 'harvest:run', 'job:read', 'job:cancel', 'graph:read', 'finding:read', 'finding:decide',
  'gate:read', 'gate:write', 'event:read', 'event:publish', 'held:read', 'held:decide', 'outbox:read', 'outbox:decide', 'replay:read', 'replay:run',
  'identity:read', 'identity:write', 'tenant:write', 'cache:read', 'cache:sweep', 'audit:read', 'backup:read', 'backup:write', 'cost:write',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const KNOWN: ReadonlySet<unknown> = new Set(PERMISSIONS);

// What concerns one repository, and so can be granted for some of them.
const OF_A_REPOSITORY: ReadonlySet<Permission> = new Set<Permission>([
  'repository:read', 'repository:write', 'harvest:run', 'job:read', 'job:cancel', 'graph:read', 'finding:read', 'finding:decide', 'gate:read', 'event:read', 'audit:read',
]);

// What concerns all tenants at once, and so is not for the owner of one of them.
const OF_THE_PLATFORM: ReadonlySet<Permission> = new Set<Permission>(['tenant:write', 'backup:read', 'backup:write']);

/** Whether a value is a permission of this version. */
export function isPermission(value: unknown): value is Permission {
  return KNOWN.has(value);
}

/** Whether a permission can be held for single repositories; the others count for a whole tenant or not at all. */
export function isOfARepository(permission: Permission): boolean {
  return OF_A_REPOSITORY.has(permission);
}

/** Whether a permission counts only in the tenant `_platform`. */
export function isOfThePlatform(permission: Permission): boolean {
  return OF_THE_PLATFORM.has(permission);
}

export type CheckedScope = { readonly state: 'valid'; readonly scope: readonly Permission[] } | { readonly state: 'invalid'; readonly problems: readonly string[] };

/** A scope that somebody wants for an API key: at least one permission, each known and named once. All problems are told together. */
export function checkScope(value: unknown): CheckedScope {
  if (!Array.isArray(value) || value.length === 0) {
    return { state: 'invalid', problems: ['a scope is a list of at least one permission; leave it out for a key that may do all that its principal may'] };
  }
  const problems = value.flatMap((entry: unknown, at) => {
    if (!isPermission(entry)) return [`scope[${at}] is not a permission; the permissions are ${PERMISSIONS.join(', ')}`];
    return value.indexOf(entry) < at ? [`scope[${at}] repeats ${entry}; name each permission once`] : [];
  });
  return problems.length > 0 ? { state: 'invalid', problems } : { state: 'valid', scope: value.filter(isPermission) };
}
