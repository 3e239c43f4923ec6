import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import type { Lease } from '@granary/messaging';
import { fence } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { growTree, leafOf, type Leaf, type LeafRow, type LogTree } from '../prove/log-tree';
import type { EpochReason, LogTail } from '../record/epoch';
import { copyText, LOG_COLUMNS } from '../record/copy-text';
import { byPartition, holds, partitionName, type Partition } from '../record/partition';
import type { Position, Range } from '../record/position';
import { conflictFault, findConflict, type LoggedId } from '../record/repeats';
import type { LogRow } from '../record/row';
import { readTree, saveGrowth, type Query } from './tree.store';

export interface NewEpoch {
  epoch: number;
  reason: EpochReason;
  previousEpoch: number | null;
  firstSequence: number | null;
  streamCreated: string;
}

/** What was noticed among rows, to be kept with them. */
export interface Findings {
  holes?: readonly Range[];
  /** How far the stream's clock stepped back, when that is further than ever in this epoch. */
  clockStepMs?: number;
}

interface TailRow {
  epoch: number;
  stream_created: string;
  previous_epoch: number | null;
  first_sequence: string | null;
  last_sequence: string | null;
  last_stored_at: Date | null;
  newest_stored_at: Date | null;
  clock_step_ms: string;
}

const PURPOSE = 'event-log-writer';
const UNIQUE_VIOLATION = '23505';

/** Writes the event log, which has the events of every tenant. Everything that changes it is fenced by the writer's lease. */
export class EventLogStore {
  constructor(private readonly database: Database) {}

  async tail(): Promise<LogTail | null> {
    const [row] = await this.database.across.rows.query<TailRow[]>(
      `select log_epoch.epoch, stream_created, previous_epoch, first_sequence, clock_step_ms, last.sequence as last_sequence, last.stored_at as last_stored_at,
         (select max(stored_at) from event_log where event_log.epoch = log_epoch.epoch) as newest_stored_at
       from log_epoch
       left join lateral (select sequence, stored_at from event_log where event_log.epoch = log_epoch.epoch order by sequence desc limit 1) last on true
       order by log_epoch.epoch desc limit 1`,
    );
    if (row === undefined) return null;
    return {
      epoch: row.epoch,
      streamCreated: row.stream_created,
      previousEpoch: row.previous_epoch,
      firstSequence: numberOrNull(row.first_sequence),
      lastSequence: numberOrNull(row.last_sequence),
      lastStoredAt: row.last_stored_at,
      clock: { newestMs: row.newest_stored_at?.getTime() ?? 0, stepMs: Number(row.clock_step_ms) },
    };
  }

  /** Where the oldest row stands, null in an empty log. */
  async first(): Promise<Position | null> {
    const [row] = await this.database.across.rows.query<{ epoch: number; sequence: string }[]>(`select epoch, sequence from event_log order by epoch, sequence limit 1`);
    return row === undefined ? null : { epoch: row.epoch, sequence: Number(row.sequence) };
  }

  /** Rows of the whole log, from its bounds and holes: counting them would read all of it. */
  async countRows(): Promise<number> {
    const [row] = await this.database.across.rows.query<{ rows: string }[]>(
      `with bounds as (
         select epoch,
           (select sequence from event_log log where log.epoch = log_epoch.epoch order by sequence limit 1) as low,
           (select sequence from event_log log where log.epoch = log_epoch.epoch order by sequence desc limit 1) as high
         from log_epoch)
       select coalesce(sum(high - low + 1), 0)
         - coalesce((select sum(last_sequence - first_sequence + 1) from log_hole join bounds using (epoch) where first_sequence > low), 0) as rows
       from bounds`,
    );
    return Number(row?.rows ?? 0);
  }

  async partitions(epoch: number): Promise<Partition[]> {
    return readPartitions((sql, values) => this.database.dataSource.query(sql, values), epoch);
  }

  async addPartitions(lease: Lease, partitions: readonly Partition[]): Promise<void> {
    await this.database.dataSource.transaction(async (manager) => {
      await fence((sql, values) => manager.query(sql, values), lease);
      for (const partition of partitions) await addPartition(manager, partition);
    });
  }

  /** Opens an epoch and announces it in the same transaction. */
  async openEpoch(lease: Lease, opening: NewEpoch, lastSequence: number | null, correlationId: string): Promise<void> {
    await this.database.transact({ tenant: '_platform', correlationId }, async (unit) => {
      await fence((sql, values) => unit.manager.query(sql, values), lease);
      await unit.manager.query(
        `insert into log_epoch (epoch, stream_created, reason, previous_epoch, first_sequence) values ($1, $2, $3, $4, $5)`,
        [opening.epoch, opening.streamCreated, opening.reason, opening.previousEpoch, opening.firstSequence],
      );
      unit.announce({
        type: 'audit.log-opened.v1',
        key: 'event-log',
        data: { epoch: opening.epoch, streamCreated: opening.streamCreated, previousEpoch: opening.previousEpoch, lastSequence },
      });
    });
  }

  /** The database session with which the owner of a lease writes; those of the owners before are ended. */
  async openSession(lease: Lease): Promise<WriteSession> {
    const client = await this.database.across.dedicated(`${PURPOSE} ${lease.epoch}`);
    try {
      return await this.prepareSession(client, lease);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  private async prepareSession(client: Client, lease: Lease): Promise<WriteSession> {
    // An owner that froze or lost its machine may have left rows uncommitted, which would block this one's.
    await client.query(
      `select pg_terminate_backend(pid, 1000) from pg_stat_activity
       where usename = current_user and datname = current_database() and pid <> pg_backend_pid() and application_name like $1`,
      [`%${PURPOSE} %`],
    );
    await client.query(`set idle_in_transaction_session_timeout = '10s'`);
    const query: Query = async <Row>(sql: string, values: unknown[]) => (await client.query(sql, values)).rows as Row[];
    return new WriteSession(client, lease, query, await readTree(query));
  }
}

export class WriteSession {
  private closing: Promise<void> | null = null;
  private partitions: Partition[] = [];

  constructor(
    private readonly client: Client,
    private readonly lease: Lease,
    private readonly query: Query,
    private tree: LogTree,
  ) {}

  /**
   * Writes rows of one epoch and what was found about them, and makes them leaves of the tree. Rows that are logged already
   * stay as they are; faults: `log-conflict` when one of them holds another event, `lease-lost`. Nothing is written then.
   */
  async append(epoch: number, rows: readonly LeafRow[], findings: Findings = {}): Promise<void> {
    const grow = () => this.grow(epoch, rows, findings.holes ?? []);
    try {
      await this.transact(() => this.copy(epoch, rows).then(grow), epoch, findings);
    } catch (error) {
      if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
      await this.transact(() => this.insertAbsent(epoch, rows).then(grow), epoch, findings);
    }
  }

  /** Makes rows leaves that were logged before there was a tree: how many, 0 when there are none. Faults: `lease-lost`. */
  async catchUp(limit: number): Promise<number> {
    const { epoch, leaves, holes } = await this.unplanted(limit);
    if (leaves.length > 0) await this.transact(() => this.grow(epoch, leaves, holes), epoch, {});
    return leaves.length;
  }

  /** What the log says at these sequences. */
  async logged(epoch: number, sequences: readonly number[]): Promise<LoggedId[]> {
    const { rows } = await this.client.query<{ sequence: string; event_id: string }>(`select sequence, event_id from event_log where epoch = $1 and sequence = any($2::bigint[])`, [epoch, sequences]);
    return rows.map((row) => ({ sequence: Number(row.sequence), eventId: row.event_id }));
  }

  /** Ends a write that is under way with its connection. Does not wait for a server that is gone. */
  close(): Promise<void> {
    this.closing ??= Promise.race([this.client.end(), delay(2_000, undefined, { ref: false })]);
    return this.closing;
  }

  /** The next rows of one epoch that are in the log and not in the tree. */
  private async unplanted(limit: number): Promise<{ epoch: number; leaves: Leaf[]; holes: Range[] }> {
    const found = await this.query<{ epoch: number; sequence: string; stored_at: Date; tenant: string; type: string; key: string; event_id: string; body: string }>(
      `select epoch, sequence, stored_at, tenant, type, key, event_id, body from event_log where (epoch, sequence) > ($1, $2) order by epoch, sequence limit $3`,
      [this.tree.epoch, this.tree.sequence, limit],
    );
    const epoch = found[0]?.epoch ?? 0;
    const leaves = found.filter((row) => row.epoch === epoch).map((row) => asLeaf(row));
    const holes = await this.query<{ first_sequence: string; last_sequence: string }>(
      `select first_sequence, last_sequence from log_hole where epoch = $1 and last_sequence between $2 and $3`,
      [epoch, (leaves[0]?.sequence ?? 0) - 1, leaves.at(-1)?.sequence ?? 0],
    );
    return { epoch, leaves, holes: holes.map((hole) => ({ first: Number(hole.first_sequence), last: Number(hole.last_sequence) })) };
  }

  /** In the transaction of the rows; the tree in memory follows once that is committed. */
  private async grow(epoch: number, leaves: readonly Leaf[], holes: readonly Range[]): Promise<LogTree> {
    const growth = growTree(this.tree, epoch, leaves, holes);
    if (growth.tiles.length > 0) await saveGrowth(this.query, this.tree, growth);
    return growth.tree;
  }

  private async transact(write: () => Promise<LogTree>, epoch: number, { holes = [], clockStepMs }: Findings): Promise<void> {
    await this.client.query('begin');
    try {
      const tree = await write();
      for (const hole of holes) {
        await this.client.query(`insert into log_hole (epoch, first_sequence, last_sequence) values ($1, $2, $3) on conflict do nothing`, [epoch, hole.first, hole.last]);
      }
      if (clockStepMs !== undefined) await this.client.query(`update log_epoch set clock_step_ms = greatest(clock_step_ms, $2) where epoch = $1`, [epoch, clockStepMs]);
      // Last, so that the lock on the lease is held for one round trip and not for the whole write.
      await fence(async (sql, values) => (await this.client.query(sql, values)).rows, this.lease);
      await this.client.query('commit');
      this.tree = tree;
    } catch (error) {
      await this.client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  /** Into the partitions themselves: PostgreSQL refuses COPY where policies separate rows, which is done for whoever asks the log. */
  private async copy(epoch: number, rows: readonly LogRow[]): Promise<void> {
    for (const [partition, some] of byPartition(rows, await this.partitionsFor(epoch, rows))) {
      const target = this.client.query(copyFrom(`copy ${partitionName(partition)} (${LOG_COLUMNS.join(', ')}) from stdin`));
      await pipeline(Readable.from([Buffer.from(copyText(epoch, some))]), target);
    }
  }

  /** Asks for them again only when there must be new ones. */
  private async partitionsFor(epoch: number, rows: readonly LogRow[]): Promise<Partition[]> {
    const known = (sequence: number) => this.partitions.some((partition) => partition.epoch === epoch && holds(partition, sequence));
    const ends = [rows[0], rows.at(-1)];
    if (!ends.every((row) => row === undefined || known(row.sequence))) this.partitions = await readPartitions((sql, values) => this.client.query(sql, values).then((answer) => answer.rows), epoch);
    return this.partitions;
  }

  private async insertAbsent(epoch: number, rows: readonly LogRow[]): Promise<void> {
    const column = <K extends keyof LogRow>(name: K) => rows.map((row) => row[name]);
    await this.client.query(
      `insert into event_log (${LOG_COLUMNS.join(', ')})
       select $1, * from unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
       on conflict do nothing`,
      [epoch, column('sequence'), column('storedAt'), column('time'), column('tenant'), column('type'), column('key'), column('eventId'), column('source'), column('correlationId'), column('causationId'), column('body')],
    );
    const conflict = findConflict(rows, await this.logged(epoch, column('sequence')));
    if (conflict) throw conflictFault(epoch, conflict);
  }
}

async function readPartitions(query: (sql: string, values: unknown[]) => Promise<{ from_sequence: string; until_sequence: string }[]>, epoch: number): Promise<Partition[]> {
  const rows = await query('select from_sequence, until_sequence from log_partition where epoch = $1 order by from_sequence', [epoch]);
  return rows.map((row) => ({ epoch, from: Number(row.from_sequence), until: Number(row.until_sequence) }));
}

/** Created beside the log and attached: unlike `partition of`, that does not lock out its readers and writers. */
async function addPartition(manager: EntityManager, partition: Partition): Promise<void> {
  const name = partitionName(partition);
  await manager.query(`create table ${name} (like event_log including all)`);
  await manager.query(`alter table ${name} enable row level security`);
  await manager.query(`alter table event_log attach partition ${name} for values from (${partition.epoch}, ${partition.from}) to (${partition.epoch}, ${partition.until})`);
  await manager.query(`insert into log_partition (epoch, from_sequence, until_sequence) values ($1, $2, $3)`, [partition.epoch, partition.from, partition.until]);
}

function asLeaf({ epoch, sequence, stored_at, tenant, type, key, event_id, body }: { epoch: number; sequence: string; stored_at: Date; tenant: string; type: string; key: string; event_id: string; body: string }): Leaf {
  const row = { sequence: Number(sequence), storedAt: stored_at.toISOString(), tenant, type, key, eventId: event_id, body };
  return { sequence: row.sequence, leaf: leafOf(epoch, row) };
}

function numberOrNull(value: string | null): number | null {
  return value === null ? null : Number(value);
}
