import type { HarvesterPostureShowRequest, HarvesterPostureShowResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import { findRepository } from '../register/register.handler';
import type { AiUsageStore, ProviderUse } from '../store/ai-usage.store';
import type { RepositoryStore } from '../store/repository.store';

export interface PostureDeps {
  readonly repositories: RepositoryStore;
  readonly usage: AiUsageStore;
}

// What the contract allows in one answer; the graph holds all of them.
const MAX_FILES = 500;

/** How a repository uses AI at the commit harvested last. */
export const showPosture = ({ repositories, usage }: PostureDeps) => async (request: HarvesterPostureShowRequest, context: RpcContext): Promise<HarvesterPostureShowResponse> => {
  const { repositoryId, name } = await findRepository(repositories, context, request.repository);
  const { tenant } = context;
  const stored = await usage.posture(tenant, repositoryId);
  if (stored === null) throw Fault.permanent('not-found', `${name} was not harvested yet: 'granary jobs list --repository ${name}' shows how far that is`);
  return { repositoryId, name, commit: stored.commit, posture: stored.posture, usage: byFile(await usage.of(tenant, repositoryId)).slice(0, MAX_FILES) };
};

function byFile(uses: readonly ProviderUse[]): HarvesterPostureShowResponse['usage'] {
  return [...Map.groupBy(uses, ({ path }) => path)].map(([path, ofFile]) => ({ path, calls: ofFile.flatMap(({ calls }) => calls).sort((a, b) => a.line - b.line || a.column - b.column) }));
}
