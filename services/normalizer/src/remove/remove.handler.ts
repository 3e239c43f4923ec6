import type { Handler } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { removalOf } from '../normalize/standing';
import type { GraphStore } from '../store/graph.store';

export interface RemoveDeps { graphs: GraphStore; log: Logger }

/** Marks a repository as removed. Its graphs stay for those who know its id; its name no longer leads to it. */
export const removeHandler = ({ graphs, log }: RemoveDeps): Handler<'repository.removed.v1'> => async (event, context) => {
  const { tenantid: tenant, data: { repositoryId, name } } = event;
  const applied = await context.once(async ({ manager }) => {
    const repository = { tenant, repositoryId, name };
    await graphs.markRemoved(manager, repository, removalOf(await graphs.lockHead(manager, repository), new Date(event.time)));
  });
  if (applied !== 'already-handled') log.info({ repositoryId }, 'repository removed');
};
