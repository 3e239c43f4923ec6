import type { Schema } from '#generate/schemas';
import { fieldAt } from '#generate/schemas';
import type { Version } from '#generate/versions';

interface Rpc {
  name: string;
  version: Version;
  request: Schema;
}

/** What a call needs: a permission, on the repository that a field of the request names; `*` when the callee finds out which ones, null when it is for the whole tenant. */
export interface RpcPermission {
  permission: string;
  repository: string | null;
}

/** Beside the permissions: no token at all, any valid one, or that of a service. */
const WITHOUT_PERMISSION = ['none', 'any', 'service'];
/** In the place of a pointer: the callee finds out which repositories it is about. */
const FOUND_BY_CALLEE = '*';
const SHAPE = 'granary:shape/permission';

/** What the request of an operation says about who may call it. */
export const permissionOf = ({ request }: Pick<Rpc, 'request'>): RpcPermission => ({ permission: String(request['x-permission']), repository: typeof request['x-repository'] === 'string' ? request['x-repository'] : null });

/** Every operation says which permission it needs, by a name that exists, and a repository that is in its request. */
export function permissionProblems(rpcs: readonly Rpc[], byId: ReadonlyMap<string, Schema>): string[] {
  const permissions = byId.get(SHAPE)?.['enum'];
  const known = [...(Array.isArray(permissions) ? permissions : []), ...WITHOUT_PERMISSION];
  return rpcs.flatMap(({ name, version, request }) => {
    const file = `rpc/${name.replaceAll('.', '/')}/${version.text}.request.schema.json`;
    const permission = request['x-permission'];
    return [
      ...(permission === undefined ? [`${file}: has no x-permission; name the permission that a call needs, \`any\` for a valid token, \`service\` for one of a service, or \`none\``] : []),
      ...(permission !== undefined && !known.includes(permission) ? [`${file}: its x-permission is not in shapes/permission.schema.json; correct it, or add it there`] : []),
      ...(hasRepository(request, byId) ? [] : [`${file}: its x-repository must be a JSON pointer to a field of the request, such as /repository, or \`*\``]),
    ];
  });
}

function hasRepository(request: Schema, byId: ReadonlyMap<string, Schema>): boolean {
  const pointer = request['x-repository'];
  if (pointer === undefined || pointer === FOUND_BY_CALLEE) return true;
  return typeof pointer === 'string' && pointer.startsWith('/') && fieldAt(request, pointer, byId) !== undefined;
}
