import type { Database } from '@granary/persistence';
import { IsNull, type EntityManager } from 'typeorm';
import { GraphEntity } from './graph.entity';
import { RepositoryEntity } from './repository.entity';

/** The newest graph of a repository. */
export interface Head { jobId: string; commit: string; hash: string }

/** Graphs and which of them is the newest of its repository. */
export class GraphStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  async head(tenant: string, repositoryId: string): Promise<Head | null> {
    return headOf(await this.database.of(tenant).findOneBy(RepositoryEntity, { tenant, repositoryId }));
  }

  /** The newest graph, and nobody else moves it before the transaction ends; the repository's row is made when it is missing. */
  async lockHead(manager: EntityManager, repository: { tenant: string; repositoryId: string; name: string }): Promise<{ head: Head | null; removedAt: Date | null }> {
    const { tenant, repositoryId } = repository;
    await manager.createQueryBuilder().insert().into(RepositoryEntity).values(repository).orIgnore().execute();
    const row = await manager.findOneOrFail(RepositoryEntity, { where: { tenant, repositoryId }, lock: { mode: 'pessimistic_write' } });
    return { head: headOf(row), removedAt: row.removedAt };
  }

  async moveHead(manager: EntityManager, graph: GraphEntity, removedAt: Date | null): Promise<void> {
    const { tenant, repositoryId, name, jobId, commit, hash } = graph;
    await manager.update(RepositoryEntity, { tenant, repositoryId }, { name, headJobId: jobId, headCommit: commit, headHash: hash, removedAt });
  }

  /** Records the graph of a job; a job that is normalised again replaces what it gave before. */
  async save(manager: EntityManager, graph: GraphEntity): Promise<void> {
    await manager.upsert(GraphEntity, { ...graph }, ['tenant', 'jobId']);
  }

  /** Of a repository that `lockHead` has locked. */
  async markRemoved(manager: EntityManager, { tenant, repositoryId }: { tenant: string; repositoryId: string }, removedAt: Date | null): Promise<void> {
    await manager.update(RepositoryEntity, { tenant, repositoryId }, { removedAt });
  }

  /** A repository by its id, or by the name of one that was not removed. */
  async findRepository(tenant: string, selector: string): Promise<RepositoryEntity | null> {
    const rows = this.database.of(tenant);
    if (UUID.test(selector)) {
      const byId = await rows.findOneBy(RepositoryEntity, { tenant, repositoryId: selector.toLowerCase() });
      if (byId !== null) return byId;
    }
    return rows.findOne(RepositoryEntity, { where: { tenant, name: selector, removedAt: IsNull() }, order: { headJobId: { direction: 'DESC', nulls: 'LAST' } } });
  }

  async findByJob(tenant: string, jobId: string): Promise<GraphEntity | null> {
    return this.database.of(tenant).findOneBy(GraphEntity, { tenant, jobId });
  }

  /** The newest graph of a commit. */
  async findByCommit(tenant: string, repositoryId: string, commit: string): Promise<GraphEntity | null> {
    return this.database.of(tenant).findOne(GraphEntity, { where: { tenant, repositoryId, commit }, order: { jobId: 'DESC' } });
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function headOf(row: RepositoryEntity | null): Head | null {
  if (row === null || row.headJobId === null || row.headCommit === null || row.headHash === null) return null;
  return { jobId: row.headJobId, commit: row.headCommit, hash: row.headHash };
}
