import { resolve } from 'node:path';
import type { Repository } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Call } from '../shell/command';
import { collectPages } from '../shell/pages';
import { matchRepository } from './match-repository';

/** All repositories that Granary knows. */
export async function allRepositories({ client }: Pick<Call, 'client'>): Promise<Repository[]> {
  const rpc = await client();
  const { items } = await collectPages(Infinity, async (limit, cursor) => {
    const page = await rpc.call('harvester.repository.list', { limit, ...cursor });
    return { items: page.repositories, next: page.next };
  });
  return items;
}

/** The repository that a word stands for, or null. The word may be an id, a name, a URL, or a path from the caller's folder. */
export async function findRepository(call: Pick<Call, 'client' | 'shell'>, typed: string): Promise<Repository | null> {
  return matchRepository(await allRepositories(call), typed, resolve(call.shell.callerFolder, typed));
}

/** The same, for a repository that has to be there. Faults: permanent `repository-not-found`. */
export async function requireRepository(call: Pick<Call, 'client' | 'shell'>, typed: string): Promise<Repository> {
  const repository = await findRepository(call, typed);
  if (repository) return repository;
  throw Fault.permanent('repository-not-found', `Granary watches no repository '${typed}'. See \`granary repos list\`, or add it with \`granary repos add <path or git URL>\`.`);
}
