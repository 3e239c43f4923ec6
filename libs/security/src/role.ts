import { PERMISSIONS, type Permission } from './permission';

/** What a principal can be, from the most to the least. */
export const ROLES = ['owner', 'admin', 'operator', 'auditor', 'publisher', 'reader'] as const;

export type Role = (typeof ROLES)[number];

const READER: readonly Permission[] = ['repository:read', 'finding:read', 'job:read', 'graph:read', 'gate:read'];

const PERMISSIONS_OF: ReadonlyMap<Role, ReadonlySet<Permission>> = new Map<Role, ReadonlySet<Permission>>([
  ['owner', new Set(PERMISSIONS)],
  ['admin', new Set(PERMISSIONS.filter((permission) => permission !== 'tenant:write'))],
  ['operator', new Set<Permission>([...READER, 'repository:write', 'harvest:run', 'job:cancel', 'held:read', 'held:decide', 'outbox:read', 'outbox:decide', 'event:read', 'cache:read', 'cache:sweep', 'replay:read', 'replay:run'])],
  ['auditor', new Set(PERMISSIONS.filter((permission) => permission.endsWith(':read')))],
  ['publisher', new Set<Permission>(['event:publish'])],
  ['reader', new Set(READER)],
]);

/** Whether a value is a role of this version. */
export function isRole(value: unknown): value is Role {
  return PERMISSIONS_OF.has(value as Role);
}

/** Whether a role brings a permission, before asking where. Deny by default: what stands in no list is not allowed. */
export function roleHas(role: Role, permission: Permission): boolean {
  return PERMISSIONS_OF.get(role)?.has(permission) ?? false;
}
