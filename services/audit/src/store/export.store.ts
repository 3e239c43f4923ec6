import { lockNumber, type Database } from '@granary/persistence';
import { manifestDigest, manifestText, readManifest, type Day, type DayManifest, type KeyFile } from '@granary/audit-export';
import { HASH_BYTES, type EventLeaf } from '@granary/transparency';
import { partitionName } from '../record/partition';
import type { Position } from '../record/position';
import type { Hole } from '../export/leaves';

/** A day that lies in files. */
export interface ExportedDay {
  readonly day: Day;
  readonly manifest: DayManifest;
  /** The last event up to its end; both 0 while the log has none. */
  readonly end: Position;
  /** The hashes of the complete subtrees behind it, the largest first. */
  readonly frontier: Buffer[];
  readonly uploaded: boolean;
  /** Whether events behind it are logged. */
  readonly followed: boolean;
  /** Whether the AI audit has read all of it. */
  readonly read: boolean;
}

/** What the log signed at one moment. */
export interface SignedTree {
  readonly time: Date;
  readonly size: number;
  readonly note: string;
}

/** The right to write the export, held by one process at a time. */
export interface ExportLead {
  /** Aborted when it is gone, with its connection. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

interface DayRow {
  day: string;
  epoch: number;
  sequence: string;
  frontier: Buffer;
  manifest: string;
  uploaded: boolean;
  followed: boolean;
  read: boolean;
}

const DAY_COLUMNS = `day, epoch, sequence, frontier, manifest, uploaded_at is not null as uploaded,
  exists (select 1 from event_log log where (log.epoch, log.sequence) > (export_day.epoch, export_day.sequence)) as followed,
  coalesce((select (epoch, sequence) >= (export_day.epoch, export_day.sequence) from ai_cursor), false) as read`;
/** Rows that go in one transaction. */
const REMOVED_AT_ONCE = 5_000;

/** Reads the log for its export, and keeps what was exported and dropped. The log has the events of every tenant. */
export class ExportStore {
  constructor(private readonly database: Database) {}

  /** Becomes the one who exports, or answers null while another one is. */
  async lead(): Promise<ExportLead | null> {
    const client = await this.database.across.dedicated('export');
    const lost = new AbortController();
    for (const ending of ['error', 'end'] as const) client.once(ending, () => lost.abort());
    const { rows } = await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [lockNumber('audit-export', this.database.schema)]);
    if (rows[0]?.leads === true) return { lost: lost.signal, release: () => client.end() };
    await client.end();
    return null;
  }

  async lastDay(): Promise<ExportedDay | null> {
    const [row] = await this.rows<DayRow>(`select ${DAY_COLUMNS} from export_day order by day desc limit 1`);
    return row === undefined ? null : exportedDay(row);
  }

  /** Days whose files are to be there, the oldest first. */
  async keptDays(): Promise<ExportedDay[]> {
    return (await this.rows<DayRow>(`select ${DAY_COLUMNS} from export_day where dropped_at is null order by day`)).map(exportedDay);
  }

  /** Days of which only a tombstone is to be left. */
  async droppedDays(): Promise<ExportedDay[]> {
    return (await this.rows<DayRow>(`select ${DAY_COLUMNS} from export_day where dropped_at is not null order by day`)).map(exportedDay);
  }

  /** When the oldest event of the log was stored; null in an empty log. */
  async firstStoredAt(): Promise<Date | null> {
    const [row] = await this.rows<{ stored_at: Date }>(`select stored_at from event_log order by epoch, sequence limit 1`);
    return row?.stored_at ?? null;
  }

  /** Whether an event behind that position was stored at that time or later: then everything before is logged. */
  async hasLater(after: Position, time: Date): Promise<boolean> {
    const [row] = await this.rows<{ later: boolean }>(`select exists (select 1 from event_log where stored_at >= $1 and (epoch, sequence) > ($2, $3)) as later`, [time, after.epoch, after.sequence]);
    return row?.later === true;
  }

  /** The next events behind that position, in order, and the holes that stand before some of them. */
  async page(after: Position, limit: number): Promise<{ events: EventLeaf[]; holes: Hole[] }> {
    const rows = await this.rows<{ epoch: number; sequence: string; stored_at: Date; tenant: string; type: string; key: string; event_id: string; body: string }>(
      `select epoch, sequence, stored_at, tenant, type, key, event_id, body from event_log
       where (epoch, sequence) > ($1, $2) and (epoch > $1 or (epoch = $1 and sequence > $2)) order by epoch, sequence limit $3`,
      [after.epoch, after.sequence, limit],
    );
    const events = rows.map(({ epoch, sequence, stored_at: storedAt, event_id: eventId, tenant, type, key, body }) => ({ epoch, sequence: Number(sequence), storedAt: storedAt.toISOString(), tenant, type, key, eventId, body }));
    const last = events.at(-1);
    return { events, holes: last === undefined ? [] : await this.holes(after, last) };
  }

  /** Those that stand right before one of these events. */
  async holesBefore(positions: readonly Position[]): Promise<Hole[]> {
    const rows = await this.rows<HoleRow>(
      `select epoch, first_sequence, last_sequence from log_hole join unnest($1::integer[], $2::bigint[]) as event (epoch, sequence) using (epoch) where last_sequence = event.sequence - 1`,
      [positions.map(({ epoch }) => epoch), positions.map(({ sequence }) => sequence)],
    );
    return rows.map(asHole);
  }

  /** Those that end behind the first position, and before the second. */
  private async holes(after: Position, until: Position): Promise<Hole[]> {
    const rows = await this.rows<HoleRow>(
      `select epoch, first_sequence, last_sequence from log_hole where (epoch, last_sequence) > ($1, $2) and (epoch, last_sequence) < ($3, $4)`,
      [after.epoch, after.sequence, until.epoch, until.sequence],
    );
    return rows.map(asHole);
  }

  /** The oldest checkpoint of that time or later over at least so many leaves. */
  async checkpointOver(size: number, since: Date): Promise<SignedTree | null> {
    return this.checkpoint(`where size >= $1 and time >= $2 order by time limit 1`, [size, since]);
  }

  /** The newest checkpoint before that time over at most so many leaves. */
  async checkpointBefore(size: number, until: Date): Promise<SignedTree | null> {
    return this.checkpoint(`where size <= $1 and time < $2 order by time desc limit 1`, [size, until]);
  }

  /** Checkpoints behind the first time and before the second, the oldest first. */
  async checkpointsBetween(after: Date, before: Date): Promise<SignedTree[]> {
    return (await this.rows<SignedRow>(`select time, size, note from checkpoint where time > $1 and time < $2 order by time`, [after, before])).map(signedTree);
  }

  /** The keys that sign checkpoints, and those that did. */
  async keys(): Promise<(KeyFile & { id: string })[]> {
    return this.rows<KeyFile & { id: string }>(`select id, vkey, endorsement from checkpoint_key`);
  }

  /** The newest checkpoint, or the newest over exactly so many leaves. */
  async checkpointOf(size: number | null): Promise<SignedTree | null> {
    return this.checkpoint(`where $1::bigint is null or size = $1 order by time desc limit 1`, [size]);
  }

  /** The places of rows among the leaves, in the order of the positions. Rows whose epoch is not in the tree have none. */
  async leafIndexes(positions: readonly Position[]): Promise<(number | null)[]> {
    const rows = await this.rows<{ index: string | null }>(
      `select first_leaf + (wanted.sequence - start.first_sequence)
         - coalesce((select sum(hole.last_sequence - hole.first_sequence) from log_hole hole
                     where hole.epoch = wanted.epoch and hole.first_sequence >= start.first_sequence and hole.last_sequence < wanted.sequence), 0) as index
       from unnest($1::integer[], $2::bigint[]) with ordinality as wanted (epoch, sequence, place)
       left join tree_epoch start on start.epoch = wanted.epoch and start.first_sequence <= wanted.sequence order by place`,
      [positions.map(({ epoch }) => epoch), positions.map(({ sequence }) => sequence)],
    );
    return rows.map(({ index }) => (index === null ? null : Number(index)));
  }

  private async checkpoint(condition: string, values: unknown[]): Promise<SignedTree | null> {
    const [row] = await this.rows<SignedRow>(`select time, size, note from checkpoint ${condition}`, values);
    return row === undefined ? null : signedTree(row);
  }

  /** Keeps that a day lies in files, and announces it. */
  async saveDay(manifest: DayManifest, end: Position, frontier: readonly Buffer[], checkpointSize: number, correlationId: string): Promise<void> {
    const { day, firstLeaf, leaves, files } = manifest;
    await this.database.transact({ tenant: '_platform', correlationId }, async (unit) => {
      await unit.manager.query(`insert into export_day (day, first_leaf, leaves, epoch, sequence, frontier, manifest) values ($1, $2, $3, $4, $5, $6, $7)`, [day, firstLeaf, leaves, end.epoch, end.sequence, Buffer.concat(frontier), manifestText(manifest)]);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      unit.announce({ type: 'audit.day-exported.v1', key: 'event-log', data: { day, firstLeaf, leaves, files: files.length, bytes, manifest: manifestDigest(manifest), checkpointSize } });
    });
  }

  async markUploaded(day: Day): Promise<void> {
    await this.rows(`update export_day set uploaded_at = clock_timestamp() where day = $1`, [day]);
  }

  /** From here on a day is gone: its rows may be removed, and whoever looks is told. */
  async dropDay({ day, manifest, end }: ExportedDay, keptForMs: number, correlationId: string): Promise<void> {
    await this.database.transact({ tenant: '_platform', correlationId }, async (unit) => {
      await unit.manager.query(`update export_day set dropped_at = clock_timestamp() where day = $1`, [day]);
      await unit.manager.query(`update retired_until set epoch = $1, sequence = $2 where (epoch, sequence) < ($1, $2)`, [end.epoch, end.sequence]);
      unit.announce({ type: 'audit.day-dropped.v1', key: 'event-log', data: { day, firstLeaf: manifest.firstLeaf, leaves: manifest.leaves, ...end, manifest: manifestDigest(manifest), keptForMs } });
    });
  }

  /** Removes what may go: whole partitions, then rows, some at a time, and the hashes of leaves that nothing needs any more. Answers how many rows went one by one. */
  async removeRetired(signal: AbortSignal): Promise<number> {
    await this.dropPartitions();
    let removed = 0;
    for (let some = 1; some > 0 && !signal.aborted; removed += some) some = await this.removeRows();
    if (!signal.aborted) await this.removeTiles();
    return removed;
  }

  private async dropPartitions(): Promise<void> {
    const partitions = await this.rows<{ epoch: number; from_sequence: string; until_sequence: string }>(
      `select partition.epoch, from_sequence, until_sequence from log_partition partition, retired_until retired
       where partition.epoch < retired.epoch or (partition.epoch = retired.epoch and until_sequence <= retired.sequence + 1)`,
    );
    for (const { epoch, from_sequence: from, until_sequence: until } of partitions) {
      await this.database.dataSource.transaction(async (manager) => {
        // Whoever reads the log is waited for, and waits: not for long, and the next round tries again.
        await manager.query(`set local lock_timeout = '2s'`);
        await manager.query(`drop table ${partitionName({ epoch, from: Number(from), until: Number(until) })}`);
        await manager.query(`delete from log_partition where epoch = $1 and from_sequence = $2`, [epoch, from]);
      });
    }
  }

  private async removeRows(): Promise<number> {
    const [row] = await this.rows<{ removed: number }>(
      `with chosen as (select epoch, sequence from event_log where (epoch, sequence) <= (select epoch, sequence from retired_until) order by epoch, sequence limit ${REMOVED_AT_ONCE}),
            gone as (delete from event_log log using chosen where log.epoch = chosen.epoch and log.sequence = chosen.sequence returning 1)
       select count(*)::int as removed from gone`,
    );
    return row?.removed ?? 0;
  }

  /** Hashes of leaves go by whole tiles. One that a checkpoint ends in stays: it proves that checkpoint to later ones. */
  private async removeTiles(): Promise<void> {
    await this.rows(
      `with dropped as (select coalesce(max(first_leaf + leaves), 0) / 256 as tiles from export_day where dropped_at is not null)
       delete from tree_tile using dropped
       where level = 0 and index < dropped.tiles and not exists (select 1 from checkpoint where size % 256 <> 0 and size / 256 = tree_tile.index)`,
    );
  }

  private rows<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return this.database.across.rows.query<Row[]>(sql, values);
  }
}

interface HoleRow {
  epoch: number;
  first_sequence: string;
  last_sequence: string;
}

const asHole = (row: HoleRow): Hole => ({ epoch: row.epoch, first: Number(row.first_sequence), last: Number(row.last_sequence) });

interface SignedRow {
  time: Date;
  size: string;
  note: string;
}

const signedTree = ({ time, size, note }: SignedRow): SignedTree => ({ time, size: Number(size), note });

function exportedDay({ day, epoch, sequence, frontier, manifest, uploaded, followed, read }: DayRow): ExportedDay {
  return { day, manifest: readManifest(manifest), end: { epoch, sequence: Number(sequence) }, frontier: splitHashes(frontier), uploaded, followed, read };
}

/** Hashes that are kept one behind the other. */
function splitHashes(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, at) => hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}
