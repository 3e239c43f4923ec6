import type { Job } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { Repositories } from '@granary/messaging';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { In, IsNull, LessThan } from 'typeorm';
import type { JobsOfState } from '../metrics';
import { JobEntity } from './job.entity';
import { OPEN, RUNNING } from './job-states';
import { within } from './within';


/** A job that this process works on: every write says so, and changes nothing when another one has taken it over. */
export interface Claim {
  readonly tenant: string;
  readonly jobId: string;
  readonly owner: string;
  readonly attempt: number;
}

export type Taking =
  | { readonly state: 'taken'; readonly job: JobEntity; /** Nobody has worked on it before. */ readonly first: boolean }
  /** It was taken as often as it may be, and its last harvester is gone without a word. */
  | { readonly state: 'spent'; readonly job: JobEntity }
  | { readonly state: 'missed' };

export interface JobFilter {
  readonly among: Repositories;
  readonly state?: Job['state'];
}

const RUNNING_SQL = RUNNING.map((state) => `'${state}'`).join(', ');
const CLAIMABLE = `(job.state = 'pending' and job.not_before <= now() or job.state in (${RUNNING_SQL}) and job.lease_until < now())`;

/** Harvest jobs. Leases and delays run by the database's clock, which all replicas share. */
export class JobStore {
  constructor(
    private readonly database: Pick<Database, 'of' | 'across'>,
    private readonly maxAttempts: number,
  ) {}

  /** Adds a job, unless one of the same repository already waits for its first attempt. */
  async add(manager: EntityManager, job: JobEntity): Promise<boolean> {
    const added = await manager.createQueryBuilder().insert().into(JobEntity).values({ ...job, notBefore: () => 'now()' }).orIgnore().returning('job_id').execute();
    return (added.raw as unknown[]).length > 0;
  }

  /** The job that waits for its first attempt, kept from being taken until the transaction ends. */
  async waiting(manager: EntityManager, repositoryId: string): Promise<JobEntity | null> {
    return manager.findOne(JobEntity, { where: { repositoryId, state: 'pending', startedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
  }

  /** The oldest job of a repository that has not ended. */
  async open(manager: EntityManager, repositoryId: string): Promise<JobEntity[]> {
    return manager.find(JobEntity, { where: { repositoryId, state: In([...OPEN]) }, order: { jobId: 'ASC' }, lock: { mode: 'pessimistic_write' } });
  }

  async find(tenant: string, jobId: string): Promise<JobEntity | null> {
    return this.database.of(tenant).findOneBy(JobEntity, { tenant, jobId });
  }

  async lock(manager: EntityManager, tenant: string, jobId: string): Promise<JobEntity | null> {
    return manager.findOne(JobEntity, { where: { tenant, jobId }, lock: { mode: 'pessimistic_write' } });
  }

  async save(manager: EntityManager, jobId: string, change: Partial<JobEntity>): Promise<void> {
    await manager.update(JobEntity, { jobId }, change);
  }

  /** Jobs of a tenant, newest first, older than the one given. */
  async list(tenant: string, { among, ...filter }: JobFilter, before: string | null, limit: number): Promise<JobEntity[]> {
    const where: FindOptionsWhere<JobEntity> = { tenant, ...filter, ...within(among), ...(before === null ? {} : { jobId: LessThan(before) }) };
    return this.database.of(tenant).find(JobEntity, { where, order: { jobId: 'DESC' }, take: limit });
  }

  /** Jobs of all tenants by state. */
  async standing(): Promise<Map<Job['state'], JobsOfState>> {
    const rows = await this.database.across.rows.query<{ state: Job['state']; count: string; oldest: string | null }[]>(
      `select state, count(*) as count,
              extract(epoch from now() - min(case when state = 'pending' then greatest(created_at, not_before) when state in (${RUNNING_SQL}) then coalesce((stages -> -1 ->> 'startedAt')::timestamptz, started_at) end)) as oldest
       from jobs group by state`,
    );
    return new Map(rows.map(({ state, count, oldest }) => [state, { count: Number(count), oldestSeconds: oldest === null ? null : Math.max(0, Number(oldest)) }]));
  }

  /**
   * Jobs of any tenant that could be taken now: their repositories have no other running job. Tenants take turns, so that one who asks
   * for many harvests at once does not keep the others waiting: first comes who has the fewest running, then who was
   * served the longest ago; within a tenant the oldest job comes first.
   */
  async takeable(limit: number): Promise<JobEntity[]> {
    const rows = await this.database.across.rows.query<{ job_id: string }[]>(
      `with running as (select tenant, repository_id, job_id from jobs where state in (${RUNNING_SQL})),
       waiting as (
         select job.job_id, job.tenant, row_number() over (partition by job.tenant order by job.job_id) as place from jobs job
         where job.state in ('pending', ${RUNNING_SQL}) and ${CLAIMABLE}
           and not exists (select 1 from running other where other.repository_id = job.repository_id and other.job_id <> job.job_id)),
       turns as (
         select tenant, (select count(*) from running where running.tenant = waiting.tenant) as busy,
           (select max(started_at) from jobs where jobs.tenant = waiting.tenant) as served
         from waiting group by tenant)
       select job_id from waiting join turns using (tenant)
       where place <= $1 order by place + busy, served nulls first, job_id limit $1`,
      [limit],
    );
    if (rows.length === 0) return [];
    const found = await this.database.across.rows.findBy(JobEntity, { jobId: In(rows.map((row) => row.job_id)) });
    const byId = new Map(found.map((job) => [job.jobId, job]));
    return rows.flatMap((row) => byId.get(row.job_id) ?? []);
  }

  /** Takes a job, if nobody else has done so. Fails with 23505 when another job of the repository was taken at the same moment. */
  async take(manager: EntityManager, jobId: string, owner: string, leaseMs: number, now: Date): Promise<Taking> {
    const [found] = await manager.query<{ attempts: number; started_at: Date | null }[]>(`select attempts, started_at from jobs job where job_id = $1 and ${CLAIMABLE} for update skip locked`, [jobId]);
    if (!found) return { state: 'missed' };
    if (found.attempts >= this.maxAttempts) return { state: 'spent', job: await manager.findOneByOrFail(JobEntity, { jobId }) };
    await manager.query(
      `update jobs set state = 'fetching', attempts = attempts + 1, lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond',
         started_at = coalesce(started_at, $4), progress = '{"done": 0, "total": 0}', error = null
       where job_id = $1`,
      [jobId, owner, leaseMs, now],
    );
    return { state: 'taken', first: found.started_at === null, job: await manager.findOneByOrFail(JobEntity, { jobId }) };
  }

  /** Changes a job that is still held by this claim; false when it is not. */
  async saveHeld(manager: EntityManager, claim: Claim, change: Partial<JobEntity>): Promise<boolean> {
    const { affected } = await manager.update(JobEntity, { jobId: claim.jobId, leaseOwner: claim.owner, attempts: claim.attempt, state: In([...RUNNING]) }, change);
    return affected === 1;
  }

  /** Says that the job is still worked on, and how far it is; false when somebody else has it, or it was cancelled. */
  async beat(claim: Claim, leaseMs: number, progress: Job['progress']): Promise<boolean> {
    const [, count] = await this.database.of(claim.tenant).query<[unknown, number]>(
      `update jobs set lease_until = now() + $4 * interval '1 millisecond', progress = $5
       where job_id = $1 and lease_owner = $2 and attempts = $3 and state in (${RUNNING_SQL})`,
      [claim.jobId, claim.owner, claim.attempt, leaseMs, JSON.stringify(progress)],
    );
    return count === 1;
  }

  /** Gives a held job back: after a failure for another attempt later, or uncounted because the harvester stops. */
  async giveBack(manager: EntityManager, claim: Claim, { delayMs, counted, ...change }: GivenBack): Promise<boolean> {
    const [, count] = await manager.query<[unknown, number]>(
      `update jobs set state = 'pending', lease_owner = null, lease_until = null, not_before = now() + $4 * interval '1 millisecond',
         attempts = attempts - $5, stages = $6, error = $7, progress = '{"done": 0, "total": 0}'
       where job_id = $1 and lease_owner = $2 and attempts = $3 and state in (${RUNNING_SQL})`,
      [claim.jobId, claim.owner, claim.attempt, delayMs, counted ? 0 : 1, JSON.stringify(change.stages), change.error && JSON.stringify(change.error)],
    );
    return count === 1;
  }
}

export interface GivenBack {
  readonly delayMs: number;
  readonly counted: boolean;
  readonly stages: Job['stages'];
  readonly error: Job['error'];
}
