import type { Database } from '@granary/persistence';
import type { Repositories } from '@granary/messaging';
import type { EntityManager } from 'typeorm';
import { In, IsNull, MoreThan, Not } from 'typeorm';
import { RepositoryEntity } from './repository.entity';
import { within } from './within';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Which unique thing is taken by another active repository of the tenant. */
export type Taken = 'location' | 'name';

/** What a poll found out; fields left out stay as they are. */
export type PollResult = Pick<RepositoryEntity, 'lastPolledAt' | 'lastError' | 'pollFailures'> & Partial<Pick<RepositoryEntity, 'headRef' | 'headCommit' | 'headMovedAt' | 'unharvestedSince'>>;

/** Which repositories are behind their remotes, and since when. */
export interface Freshness {
  /** All that are active. */
  readonly watched: number;
  /** Those whose newest commit the gate withheld. */
  readonly withheld: number;
  /** Those that are behind, the longest first. */
  readonly behind: readonly { readonly repositoryId: string; readonly since: Date }[];
}

/** Repositories, and when each is to be looked at again. Removed ones stay as rows, for their jobs' sake. */
export class RepositoryStore {
  constructor(private readonly database: Pick<Database, 'of' | 'across'>) {}

  /** An active repository by its id, name or location. */
  async find(tenant: string, selector: string, location: string | null): Promise<RepositoryEntity | null> {
    const rows = this.database.of(tenant);
    const byId = UUID.test(selector) ? await rows.findOneBy(RepositoryEntity, { tenant, state: 'active', repositoryId: selector.toLowerCase() }) : null;
    const byName = byId ?? (await rows.findOneBy(RepositoryEntity, { tenant, state: 'active', name: selector }));
    return byName ?? (location === null ? null : this.findByLocation(tenant, location));
  }

  /** @param manager of the transaction, when inside one: waiting there for a second connection can stop the whole pool */
  async findByLocation(tenant: string, location: string, manager: EntityManager = this.database.of(tenant)): Promise<RepositoryEntity | null> {
    return manager.findOneBy(RepositoryEntity, { tenant, state: 'active', location });
  }

  async get(tenant: string, repositoryId: string, manager: EntityManager = this.database.of(tenant)): Promise<RepositoryEntity> {
    return manager.findOneByOrFail(RepositoryEntity, { tenant, repositoryId });
  }

  /** The names of repositories, removed ones too. */
  async names(tenant: string, repositoryIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.of(tenant).find(RepositoryEntity, { select: { repositoryId: true, name: true }, where: { tenant, repositoryId: In([...repositoryIds]) } });
    return new Map(rows.map(({ repositoryId, name }) => [repositoryId, name]));
  }

  /** Active repositories among those given, by name, after the one named. */
  async list(tenant: string, among: Repositories, after: string, limit: number): Promise<RepositoryEntity[]> {
    return this.database.of(tenant).find(RepositoryEntity, { where: { tenant, state: 'active', name: MoreThan(after), ...within(among) }, order: { name: 'ASC' }, take: limit });
  }

  /** Adds a repository and lets it be polled in `nextInMs`, or says what is taken. Waits for who adds the same at this moment. */
  async add(manager: EntityManager, repository: RepositoryEntity, nextInMs: number): Promise<'added' | Taken> {
    const nextPollAt = () => `now() + ${Math.round(nextInMs)} * interval '1 millisecond'`;
    const added = await manager.createQueryBuilder().insert().into(RepositoryEntity).values({ ...repository, nextPollAt }).orIgnore().returning('repository_id').execute();
    if ((added.raw as unknown[]).length > 0) return 'added';
    const { tenant, location } = repository;
    return (await manager.existsBy(RepositoryEntity, { tenant, state: 'active', location })) ? 'location' : 'name';
  }

  async saveCredentials(manager: EntityManager, repositoryId: string, sealedCredentials: Buffer | null): Promise<void> {
    await manager.update(RepositoryEntity, { repositoryId }, { sealedCredentials });
  }

  /**
   * The repository, and nobody else changes it before the transaction ends; null when it is not active any more.
   * The lock lets the foreign keys of its jobs be checked meanwhile, which would otherwise wait in a circle.
   */
  async lock(manager: EntityManager, repositoryId: string): Promise<RepositoryEntity | null> {
    return manager.findOne(RepositoryEntity, { where: { repositoryId, state: 'active' }, lock: { mode: 'for_no_key_update' } });
  }

  /**
   * The repository of a job that is being taken. Whoever deletes its mirror locks it against this and then looks for jobs,
   * so either the job is seen or it begins when the mirror is gone.
   */
  async holdForJob(manager: EntityManager, tenant: string, repositoryId: string): Promise<RepositoryEntity> {
    return manager.findOneOrFail(RepositoryEntity, { where: { tenant, repositoryId }, lock: { mode: 'for_key_share' } });
  }

  /** An active repository whose facts were not seen to be in use for a day, and how late it is; null when there is none. */
  async toMark(): Promise<{ repository: RepositoryEntity; at: Date } | null> {
    const { rows } = this.database.across;
    const [due] = await rows.query<{ repository_id: string; at: Date }[]>(
      `select repository_id, now() as at from repositories
       where state = 'active' and pack_digest is not null and (facts_marked_at is null or facts_marked_at < now() - interval '1 day')
       order by facts_marked_at nulls first limit 1`,
    );
    return due === undefined ? null : { repository: await rows.findOneByOrFail(RepositoryEntity, { repositoryId: due.repository_id }), at: due.at };
  }

  async saveMarked(tenant: string, repositoryId: string, at: Date): Promise<void> {
    await this.database.of(tenant).update(RepositoryEntity, { tenant, repositoryId }, { factsMarkedAt: at });
  }

  async markRemoved(manager: EntityManager, repositoryId: string, removedAt: Date): Promise<void> {
    await manager.update(RepositoryEntity, { repositoryId }, { state: 'removed', removedAt, sealedCredentials: null });
  }

  /**
   * Takes repositories of any tenant whose poll is due, and puts their next one off by `leaseMs`, so that no other replica takes them
   * meanwhile and one whose poller dies is polled again. The clock is the database's, which all replicas share.
   */
  async takeDue(limit: number, leaseMs: number): Promise<RepositoryEntity[]> {
    const [rows] = await this.database.across.rows.query<[{ tenant: string; repository_id: string }[], number]>(
      `update repositories set next_poll_at = now() + $2 * interval '1 millisecond'
       where repository_id in (
         select repository_id from repositories where state = 'active' and next_poll_at <= now()
         order by next_poll_at limit $1 for no key update skip locked)
       returning tenant, repository_id`,
      [limit, leaseMs],
    );
    return Promise.all(rows.map((row) => this.get(row.tenant, row.repository_id)));
  }

  async savePoll(manager: EntityManager, repositoryId: string, result: PollResult, nextInMs: number): Promise<void> {
    await manager.update(RepositoryEntity, { repositoryId }, result);
    await manager.query(`update repositories set next_poll_at = now() + $2 * interval '1 millisecond' where repository_id = $1`, [repositoryId, nextInMs]);
  }

  async moveHead(manager: EntityManager, repositoryId: string, head: { ref: string; commit: string }, movedAt: Date, unharvestedSince: Date | null): Promise<void> {
    await manager.update(RepositoryEntity, { repositoryId }, { headRef: head.ref, headCommit: head.commit, headMovedAt: movedAt, unharvestedSince });
  }

  /** @param repairAt when files that could not be read are to be tried again; null when all could */
  async saveHarvested(manager: EntityManager, repositoryId: string, { commit, packDigest }: { commit: string; packDigest: string }, repairAt: Date | null): Promise<void> {
    await this.saveEnd(manager, repositoryId, commit, { harvestedCommit: commit, packDigest, withheldCommit: null, retryAt: repairAt });
  }

  /** A commit that the gate withheld was harvested all the same: what was harvested before stays, and the repository is not behind. */
  async saveWithheld(manager: EntityManager, repositoryId: string, commit: string, repairAt: Date | null): Promise<void> {
    await this.saveEnd(manager, repositoryId, commit, { withheldCommit: commit, retryAt: repairAt });
  }

  private async saveEnd(manager: EntityManager, repositoryId: string, commit: string, change: Partial<RepositoryEntity>): Promise<void> {
    // A head that moved on meanwhile is behind since it was seen; what came before it has been harvested.
    const unharvestedSince = () => 'case when head_commit = :commit then null else head_moved_at end';
    await manager.createQueryBuilder().update(RepositoryEntity).set({ ...change, harvestFailures: 0, unharvestedSince }).where({ repositoryId }).setParameter('commit', commit).execute();
  }

  /** How fresh the active repositories of all tenants are. */
  async freshness(): Promise<Freshness> {
    const { rows } = this.database.across;
    const watched = await rows.countBy(RepositoryEntity, { state: 'active' });
    const withheld = await rows.createQueryBuilder(RepositoryEntity, 'repository').where(`repository.state = 'active' and repository.withheldCommit = repository.headCommit`).getCount();
    const behind = await rows.find(RepositoryEntity, { select: { repositoryId: true, unharvestedSince: true }, where: { state: 'active', unharvestedSince: Not(IsNull()) }, order: { unharvestedSince: 'ASC' } });
    return { watched, withheld, behind: behind.flatMap(({ repositoryId, unharvestedSince: since }) => (since === null ? [] : [{ repositoryId, since }])) };
  }

  /** Has every active repository of a tenant polled and harvested again. */
  async harvestAll(manager: EntityManager, tenant: string): Promise<void> {
    // Everybody who locks several repositories does so in this order; an update alone takes them as they lie in the table.
    await manager.query(`select 1 from repositories where tenant = $1 and state = 'active' order by repository_id for no key update`, [tenant]);
    await manager.query(`update repositories set retry_at = now(), next_poll_at = now() where tenant = $1 and state = 'active'`, [tenant]);
  }

  async saveFailure(manager: EntityManager, repositoryId: string, harvestFailures: number, retryAt: Date | null): Promise<void> {
    await manager.update(RepositoryEntity, { repositoryId }, { harvestFailures, retryAt });
  }
}
