import type { RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import { satisfies, validRange } from 'semver';
import type { GraphStore } from '../store/graph.store';
import type { NameStore } from '../store/name.store';
import { findVisible, type Caller } from './find-visible.handler';

export interface AcrossDeps {
  graphs: GraphStore;
  names: NameStore;
}

type Query<O extends keyof RpcShapes> = (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>;

const DEFAULT_LIMIT = 50;
const MOST_LINKS = 1_000;
// Versions of a package that are read before a range picks among them.
const MOST_USERS = 10_000;

/** Names in the newest graphs, in one repository or in all of the tenant. */
export const searchHandler = (deps: AcrossDeps): Query<'normalizer.graph.search'> => async ({ query, repository, kinds, limit = DEFAULT_LIMIT }, caller) => {
  const among = repository === undefined ? caller.repositories : new Set([await idOf(deps, caller, repository)]);
  return page(await deps.names.search(caller.tenant, { query, kinds: kinds ?? null, among }, limit + 1), limit, 'matches');
};

/** Who uses a package, in any repository of the tenant. */
export const usersHandler = (deps: AcrossDeps): Query<'normalizer.package.users'> => async ({ package: wanted, range, limit = DEFAULT_LIMIT }, { tenant, repositories }) => {
  if (range !== undefined && validRange(range) === null) throw Fault.permanent('bad-range', `'${range}' is not a range of versions; write it as npm does, for instance '<4.17.21' or '^2.0.0 || ^3.1.0'`);
  const [, purl, version] = /^(pkg:[^@?#]+)(?:@([^?#]+))?/.exec(wanted) ?? [];
  const names = purl === undefined ? await deps.names.packagesNamed(tenant, wanted) : [purl];
  const users = await deps.names.users(tenant, repositories, names, version === undefined ? null : decodeURIComponent(version), range === undefined ? limit + 1 : MOST_USERS);
  const inRange = range === undefined ? users : users.filter((user) => user.version !== null && satisfies(user.version, range, { includePrerelease: true, loose: true }));
  return page(inRange, limit, 'users');
};

/** Which repositories depend on which, by the packages they make. */
export const linksHandler = (deps: AcrossDeps): Query<'normalizer.repository.links'> => async ({ repository }, caller) => {
  const repositoryId = repository === undefined ? null : await idOf(deps, caller, repository);
  return page(await deps.names.links(caller.tenant, caller.repositories, repositoryId, MOST_LINKS + 1), MOST_LINKS, 'links');
};

async function idOf({ graphs }: AcrossDeps, caller: Caller, selector: string): Promise<string> {
  const repository = await findVisible(graphs, caller, selector);
  if (repository !== null) return repository.repositoryId;
  throw Fault.permanent('not-found', `repository ${selector} has no graph yet; see \`granary jobs list --repository ${selector}\``);
}

function page<K extends string, R>(rows: readonly R[], limit: number, name: K): Record<K, R[]> & { more: boolean } {
  return { [name]: rows.slice(0, limit), more: rows.length > limit } as Record<K, R[]> & { more: boolean };
}
