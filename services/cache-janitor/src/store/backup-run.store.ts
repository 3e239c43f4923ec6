import type { EntityManager } from 'typeorm';

export type RunKind = 'create' | 'verify';

export interface BackupRun {
  readonly runId: string;
  readonly kind: RunKind;
  /** Null as long as there is none. */
  readonly backup: string | null;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly correlationId: string;
  /** Null when it was due. */
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly endedAt: Date | null;
  readonly code: string | null;
  readonly message: string | null;
}

export type NewRun = Pick<BackupRun, 'runId' | 'kind' | 'backup' | 'correlationId' | 'requestedBy' | 'requestedAt'>;

const FIELDS = `run_id as "runId", kind, backup, state, correlation_id as "correlationId", requested_by as "requestedBy", requested_at as "requestedAt", ended_at as "endedAt", code, message`;

/** Runs older than that tell nobody anything. */
const KEPT = 200;

/** The runs of the schema, through whatever manager is given. */
export const backupRunStore = {
  /** Lets a run wait; one that waits for the same already is answered instead. */
  async add(manager: EntityManager, run: NewRun): Promise<BackupRun> {
    await manager.query(
      `insert into backup_runs (run_id, kind, backup, state, correlation_id, requested_by, requested_at) values ($1, $2, $3, 'waiting', $4, $5, $6) on conflict do nothing`,
      [run.runId, run.kind, run.backup, run.correlationId, run.requestedBy, run.requestedAt],
    );
    const [waiting] = await manager.query<BackupRun[]>(`select ${FIELDS} from backup_runs where run_id = $1 or (state = 'waiting' and kind = $2 and backup is not distinct from $3) order by run_id = $1 limit 1`, [run.runId, run.kind, run.backup]);
    return waiting as BackupRun;
  },

  /** The run that waits for the longest time begins. Null when none waits. */
  async begin(manager: EntityManager): Promise<BackupRun | null> {
    const [rows] = await manager.query<[BackupRun[], number]>(`update backup_runs set state = 'running' where run_id = (select run_id from backup_runs where state = 'waiting' order by requested_at, run_id limit 1) returning ${FIELDS}`);
    return rows[0] ?? null;
  },

  async end(manager: EntityManager, runId: string, { state, backup, endedAt, code, message }: Pick<BackupRun, 'backup' | 'code' | 'message'> & { state: 'done' | 'failed'; endedAt: Date }): Promise<void> {
    await manager.query('update backup_runs set state = $2, backup = $3, ended_at = $4, code = $5, message = $6 where run_id = $1', [runId, state, backup, endedAt, code, message]);
    await manager.query(`delete from backup_runs where run_id in (select run_id from backup_runs where state in ('done', 'failed') order by requested_at desc offset $1)`, [KEPT]);
  },

  /** What whoever had the lease before did not bring to its end. */
  async running(manager: EntityManager): Promise<BackupRun[]> {
    return manager.query<BackupRun[]>(`select ${FIELDS} from backup_runs where state = 'running'`);
  },

  /** The newest first. */
  async newest(manager: EntityManager, limit: number): Promise<BackupRun[]> {
    return manager.query<BackupRun[]>(`select ${FIELDS} from backup_runs order by requested_at desc, run_id desc limit $1`, [limit]);
  },
};
