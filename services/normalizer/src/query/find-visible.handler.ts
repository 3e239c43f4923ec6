import { isAmong, type RpcContext } from '@granary/messaging';
import type { GraphStore } from '../store/graph.store';
import type { RepositoryEntity } from '../store/repository.entity';

/** Who asks, as far as it decides what may be seen. */
export type Caller = Pick<RpcContext, 'tenant' | 'repositories'>;

/** A repository that the caller may know of, by its id or name; null when there is none. */
export async function findVisible(graphs: GraphStore, { tenant, repositories }: Caller, selector: string): Promise<RepositoryEntity | null> {
  const found = await graphs.findRepository(tenant, selector);
  return found !== null && isAmong(repositories, found.repositoryId) ? found : null;
}
