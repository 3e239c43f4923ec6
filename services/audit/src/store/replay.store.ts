import type { ReplayFailure, ReplayPlan, ReplaySelection } from '@granary/contracts';
import { PLATFORM_TENANT } from '@granary/security';
import type { Cause, UnitOfWork } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Position } from '../record/position';
import type { ReplayState, StoredJob } from '../replay/job';

interface JobRow {
  job_id: string;
  tenant: string;
  consumer: string;
  groups: number;
  selection: ReplaySelection;
  reason: string;
  rate: number | null;
  requested_by: string;
  correlation_id: string;
  state: ReplayState;
  through_epoch: number;
  through_sequence: string;
  plan: ReplayPlan | null;
  totals: number[] | null;
  error_code: string | null;
  error_message: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  parts: { group: number; done: boolean; askedAt: string | null; handled: number; failed: number }[] | null;
}

export interface NewJob {
  jobId: string;
  tenant: string;
  consumer: string;
  groups: number;
  selection: ReplaySelection;
  reason: string;
  rate: number | null;
  by: string;
  correlationId: string;
  through: Position;
  createdAt: Date;
}

/** A partition group of a job that runs, as far as handing out its next events goes. */
export interface OpenPart {
  jobId: string;
  tenant: string;
  groups: number;
  group: number;
  selection: ReplaySelection;
  cursor: Position;
  until: Position;
  /** Up to there events are handed out one at a time, because the owner before was ended by one of them. */
  careful: Position;
  /** How often the event behind the cursor was handed out alone and ended its owner. */
  begun: number;
  rate: number | null;
  tokens: number;
  refilledAt: Date | null;
}

/** What a partition group of a job that was started, running or paused, still has before it. */
export type UnfinishedPart = Pick<OpenPart, 'jobId' | 'groups' | 'group' | 'selection' | 'cursor' | 'until'> & { consumer: string };

interface PartRow {
  job_id: string;
  tenant: string;
  groups: number;
  partition_group: number;
  selection: ReplaySelection;
  epoch: number;
  sequence: string;
  until_epoch: number;
  until_sequence: string;
  careful_epoch: number;
  careful_sequence: string;
  begun: number;
  rate: number | null;
  tokens: number;
  refilled_at: Date | null;
}

/** What one partition group has got on. */
export interface Advance {
  jobId: string;
  group: number;
  from: Position;
  through: Position;
  handled: number;
  failures: readonly ReplayFailure[];
}

/** Rows of failures of one job; all are counted. */
const MOST_FAILURES = 1_000;

const JOB = `select *, (select json_agg(json_build_object('group', partition_group, 'done', done, 'askedAt', asked_at, 'handled', handled, 'failed', failed) order by partition_group)
  from replay_part where replay_part.job_id = replay_job.job_id) as parts from replay_job`;

/** Keeps replay jobs. Whoever runs the platform sees those of all tenants, everybody else the own ones. */
export class ReplayStore {
  constructor(private readonly database: Pick<Database, 'of' | 'across' | 'transact'>) {}

  /** One transaction of this tenant's people. */
  transact<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
    return cause.tenant === PLATFORM_TENANT ? this.database.across.transact(cause, work) : this.database.transact(cause, work);
  }

  /** One transaction of the platform itself. */
  transactAcross<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
    return this.database.across.transact(cause, work);
  }

  async add({ manager }: UnitOfWork, job: NewJob): Promise<void> {
    await manager.query(
      `insert into replay_job (job_id, tenant, consumer, groups, selection, reason, rate, requested_by, correlation_id, state, through_epoch, through_sequence, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'planning', $10, $11, $12)`,
      [job.jobId, job.tenant, job.consumer, job.groups, JSON.stringify(job.selection), job.reason, job.rate, job.by, job.correlationId, job.through.epoch, job.through.sequence, job.createdAt],
    );
  }

  async find(tenant: string, jobId: string): Promise<StoredJob | null> {
    return findJob(this.rowsFor(tenant), jobId);
  }

  /** The newest first, behind `before`. */
  async list(tenant: string, { consumer, state, before }: { consumer: string | null; state: ReplayState | null; before: string | null }, limit: number): Promise<StoredJob[]> {
    const rows = await this.rowsFor(tenant).query<JobRow[]>(
      `${JOB} where ($1::text is null or consumer = $1) and ($2::text is null or state = $2) and ($3::uuid is null or job_id < $3) order by job_id desc limit $4`,
      [consumer, state, before, limit],
    );
    return rows.map(toJob);
  }

  /** The first that failed, in the order of the log. */
  async failures(tenant: string, jobId: string, limit: number): Promise<ReplayFailure[]> {
    const rows = await this.rowsFor(tenant).query<{ epoch: number; sequence: string; of_tenant: string; key: string; event_id: string; event_type: string; attempts: number; code: string; message: string }[]>(
      'select * from replay_failure where job_id = $1 order by epoch, sequence limit $2',
      [jobId, limit],
    );
    return rows.map((row) => ({
      position: { epoch: row.epoch, sequence: Number(row.sequence) },
      tenant: row.of_tenant, key: row.key, eventId: row.event_id, eventType: row.event_type, attempts: row.attempts, code: row.code, message: row.message,
    }));
  }

  /** The job, and nobody else decides about it before the transaction ends. */
  async lock({ manager }: UnitOfWork, jobId: string): Promise<StoredJob | null> {
    const locked = await manager.query<unknown[]>('select 1 from replay_job where job_id = $1 for update', [jobId]);
    return locked.length === 0 ? null : findJob(manager, jobId);
  }

  async setState({ manager }: UnitOfWork, jobId: string, state: ReplayState, now: Date, error: { code: string; message: string } | null = null): Promise<void> {
    const ended = state === 'completed' || state === 'failed' || state === 'cancelled';
    await manager.query('update replay_job set state = $2, finished_at = $3, error_code = $4, error_message = $5 where job_id = $1', [jobId, state, ended ? now : null, error?.code ?? null, error?.message ?? null]);
  }

  /** A job that is planned begins: each partition group in front of the first event that matches. */
  async begin({ manager }: UnitOfWork, job: StoredJob, { rate, first, last, totals, now }: { rate: number | null; first: Position; last: Position; totals: readonly number[]; now: Date }): Promise<void> {
    await manager.query(`update replay_job set state = 'running', rate = $2, started_at = $3, tokens = 0, refilled_at = null where job_id = $1`, [job.jobId, rate, now]);
    await manager.query(
      `insert into replay_part (job_id, partition_group, tenant, consumer, total, epoch, sequence, until_epoch, until_sequence, done)
       select $1, place - 1, $2, $3, total, $4, $5, $6, $7, total = 0 from unnest($8::bigint[]) with ordinality as groups (total, place)`,
      [job.jobId, job.tenant, job.consumer, first.epoch, first.sequence - 1, last.epoch, last.sequence, totals],
    );
  }

  /** A job whose dry run nobody makes, for as long as the caller keeps claiming it. */
  async claim(now: Date, forMs: number): Promise<StoredJob | null> {
    const [rows] = await this.database.across.rows.query<[{ job_id: string }[], number]>(
      `update replay_job set planned_until = $1::timestamptz + $2 * interval '1 millisecond'
       where job_id = (select job_id from replay_job where state = 'planning' and (planned_until is null or planned_until < $1) order by job_id limit 1 for update skip locked) returning job_id`,
      [now, forMs],
    );
    const [row] = rows;
    return row ? findJob(this.database.across.rows, row.job_id) : null;
  }

  /** False when it is not to be planned any more. */
  async keepClaim(jobId: string, now: Date, forMs: number): Promise<boolean> {
    const [, count] = await this.database.across.rows.query<[unknown[], number]>(`update replay_job set planned_until = $2::timestamptz + $3 * interval '1 millisecond' where job_id = $1 and state = 'planning'`, [jobId, now, forMs]);
    return count === 1;
  }

  /** False when it was cancelled, or somebody else was faster. */
  async planned({ manager }: UnitOfWork, jobId: string, plan: ReplayPlan, totals: readonly number[]): Promise<boolean> {
    const [, count] = await manager.query<[unknown[], number]>(`update replay_job set state = 'planned', plan = $2, totals = $3 where job_id = $1 and state = 'planning'`, [jobId, JSON.stringify(plan), JSON.stringify(totals)]);
    return count === 1;
  }

  /** Jobs that were started before a moment and are not through. */
  async startedBefore(moment: Date): Promise<StoredJob[]> {
    return (await this.database.across.rows.query<JobRow[]>(`${JOB} where state in ('running', 'paused') and started_at < $1`, [moment])).map(toJob);
  }

  async countByState(): Promise<{ state: ReplayState; count: number }[]> {
    const rows = await this.database.across.rows.query<{ state: ReplayState; count: string }[]>(`select state, count(*) from replay_job where state in ('planning', 'running', 'paused') group by state`);
    return rows.map(({ state, count }) => ({ state, count: Number(count) }));
  }

  /** What of jobs that run a partition group has before it, whatever was handed out longest ago first; notes that somebody asked. */
  async openParts({ consumer, group }: { consumer: string; group: number }, now: Date): Promise<OpenPart[]> {
    const [rows] = await this.database.across.rows.query<[(PartRow & { taken_at: Date | null })[], number]>(
      `update replay_part as part set asked_at = $3 from replay_job as job
       where job.job_id = part.job_id and job.state = 'running' and part.consumer = $1 and partition_group = $2 and not done
       returning part.job_id, part.tenant, groups, partition_group, selection, epoch, sequence, until_epoch, until_sequence, careful_epoch, careful_sequence, begun, taken_at, rate, tokens, refilled_at`,
      [consumer, group, now],
    );
    const takenAt = ({ taken_at }: { taken_at: Date | null }): number => taken_at?.getTime() ?? 0;
    return rows.sort((a, b) => takenAt(a) - takenAt(b) || (a.job_id < b.job_id ? -1 : 1)).map(toPart);
  }

  /** What all jobs that were started have before them. */
  async unfinished(): Promise<UnfinishedPart[]> {
    const rows = await this.database.across.rows.query<(PartRow & { consumer: string })[]>(
      `select part.*, groups, selection, rate, tokens, refilled_at from replay_part part join replay_job job using (job_id) where job.state in ('running', 'paused') and not done order by job_id, partition_group`,
    );
    return rows.map((row) => ({ ...toPart(row), consumer: row.consumer }));
  }

  /** The owner of a partition group crashed. What was handed out and not settled may be why: it is handed out one at a time from here on, and counted. */
  async suspect({ consumer, group }: { consumer: string; group: number }): Promise<void> {
    await this.database.across.rows.query(
      `update replay_part set
         begun = case when (careful_epoch, careful_sequence) >= (handed_epoch, handed_sequence) then begun + 1 else 0 end,
         careful_epoch = case when (careful_epoch, careful_sequence) >= (handed_epoch, handed_sequence) then careful_epoch else handed_epoch end,
         careful_sequence = case when (careful_epoch, careful_sequence) >= (handed_epoch, handed_sequence) then careful_sequence else handed_sequence end
       where consumer = $1 and partition_group = $2 and not done and (handed_epoch, handed_sequence) > (epoch, sequence)`,
      [consumer, group],
    );
  }

  /** Notes what is handed out. False when the cursor has moved meanwhile. */
  async hand({ jobId, tenant, group, cursor, rate }: OpenPart, through: Position, count: number, now: Date): Promise<boolean> {
    return this.database.across.transact({ tenant, correlationId: jobId }, async ({ manager }) => {
      const [, handed] = await manager.query<[unknown[], number]>(
        `update replay_part set handed_epoch = $5, handed_sequence = $6, taken_at = $7 where job_id = $1 and partition_group = $2 and epoch = $3 and sequence = $4`,
        [jobId, group, cursor.epoch, cursor.sequence, through.epoch, through.sequence, now],
      );
      // Others may have taken tokens meanwhile: what is left may be less than nothing, and is made up for.
      if (handed > 0 && rate !== null) {
        await manager.query(
          `update replay_job set refilled_at = greatest(refilled_at, $2),
             tokens = least(rate, case when refilled_at is null then rate else tokens + greatest(0, extract(epoch from $2::timestamptz - refilled_at)) * rate end) - $3
           where job_id = $1`,
          [jobId, now, count],
        );
      }
      return handed > 0;
    });
  }

  /** Moves a cursor on. `stale` when it does not stand where the report begins: that was told before. */
  async advance({ manager }: UnitOfWork, { jobId, group, from, through, handled, failures }: Advance): Promise<'stale' | 'moved' | 'done'> {
    const [rows] = await manager.query<[{ tenant: string; failed: string; done: boolean }[], number]>(
      `update replay_part set epoch = $5, sequence = $6, handled = handled + $7, failed = failed + $8, begun = 0, done = ($5::int, $6::bigint) >= (until_epoch, until_sequence)
       where job_id = $1 and partition_group = $2 and epoch = $3 and sequence = $4 and not done returning tenant, failed, done`,
      [jobId, group, from.epoch, from.sequence, through.epoch, through.sequence, handled, failures.length],
    );
    const [row] = rows;
    if (row === undefined) return 'stale';
    if (failures.length > 0 && Number(row.failed) - failures.length < MOST_FAILURES) await addFailures(manager, jobId, row.tenant, failures);
    return row.done ? 'done' : 'moved';
  }

  /** Notes that an owner is at work. */
  async touch(jobId: string, consumer: string, group: number, now: Date): Promise<ReplayState | null> {
    const rows = await this.database.across.rows.query<{ state: ReplayState }[]>(
      `with touched as (update replay_part set asked_at = $3 where job_id = $1 and partition_group = $2)
       select state from replay_job where job_id = $1 and consumer = $4`,
      [jobId, group, now, consumer],
    );
    return rows[0]?.state ?? null;
  }

  private rowsFor(tenant: string): EntityManager {
    return tenant === PLATFORM_TENANT ? this.database.across.rows : this.database.of(tenant);
  }
}

async function addFailures(manager: EntityManager, jobId: string, tenant: string, failures: readonly ReplayFailure[]): Promise<void> {
  await manager.query(
    `insert into replay_failure (job_id, tenant, epoch, sequence, of_tenant, key, event_id, event_type, attempts, code, message)
     select $1, $2, * from unnest($3::int[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[], $11::text[])
     on conflict do nothing`,
    [
      jobId,
      tenant,
      failures.map(({ position }) => position.epoch),
      failures.map(({ position }) => position.sequence),
      failures.map((failure) => failure.tenant),
      failures.map(({ key }) => key),
      failures.map(({ eventId }) => eventId),
      failures.map(({ eventType }) => eventType),
      failures.map(({ attempts }) => attempts),
      failures.map(({ code }) => code),
      failures.map(({ message }) => message),
    ],
  );
}

async function findJob(rows: EntityManager, jobId: string): Promise<StoredJob | null> {
  const [row] = await rows.query<JobRow[]>(`${JOB} where job_id = $1`, [jobId]);
  return row ? toJob(row) : null;
}

function toJob(row: JobRow): StoredJob {
  const { job_id: jobId, tenant, consumer, groups, selection, reason, rate, requested_by: by, correlation_id: correlationId, state, plan, totals } = row;
  return {
    jobId, tenant, consumer, groups, selection, reason, rate, by, correlationId, state, plan, totals,
    through: { epoch: row.through_epoch, sequence: Number(row.through_sequence) },
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    parts: (row.parts ?? []).map(({ askedAt, ...part }) => ({ ...part, askedAt: askedAt === null ? null : new Date(askedAt) })),
  };
}

function toPart(row: PartRow): OpenPart {
  const { job_id: jobId, tenant, groups, partition_group: group, selection, begun, rate, tokens, refilled_at: refilledAt } = row;
  return {
    jobId, tenant, groups, group, selection, begun, rate, tokens, refilledAt,
    cursor: { epoch: row.epoch, sequence: Number(row.sequence) },
    until: { epoch: row.until_epoch, sequence: Number(row.until_sequence) },
    careful: { epoch: row.careful_epoch, sequence: Number(row.careful_sequence) },
  };
}
