import type { LoggedRow } from '../compare/compare';
import type { Position, Range } from '../record/position';
import type { Query } from './tree.store';

/** How far log and stream have been compared. */
export interface ComparisonState {
  /** The last position that was looked at; null before the first. */
  upTo: (Position & { storedAt: Date | null }) | null;
  /** The first position where the log is not what the stream says; null when there is none. */
  wrong: Position | null;
}

interface StateRow {
  epoch: number;
  sequence: string;
  stored_at: Date | null;
  wrong_epoch: number | null;
  wrong_sequence: string | null;
}

/** What the comparison of log and stream reads and keeps. It concerns all tenants. */
export const comparisonStore = {
  async state(query: Query): Promise<ComparisonState> {
    const [row] = await query<StateRow>(`select epoch, sequence, stored_at, wrong_epoch, wrong_sequence from comparison`, []);
    if (row === undefined) return { upTo: null, wrong: null };
    const wrong = row.wrong_epoch === null ? null : { epoch: row.wrong_epoch, sequence: Number(row.wrong_sequence) };
    return { upTo: { epoch: row.epoch, sequence: Number(row.sequence), storedAt: row.stored_at }, wrong };
  },

  async save(query: Query, { epoch, sequence }: Position, storedAt: string | null, wrong: Position | null): Promise<void> {
    await query(
      `insert into comparison (epoch, sequence, stored_at, wrong_epoch, wrong_sequence) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set epoch = excluded.epoch, sequence = excluded.sequence, stored_at = coalesce(excluded.stored_at, comparison.stored_at), wrong_epoch = excluded.wrong_epoch, wrong_sequence = excluded.wrong_sequence`,
      [epoch, sequence, storedAt, wrong?.epoch ?? null, wrong?.sequence ?? null],
    );
  },

  /** Where an epoch begins; null before it has anything. */
  async firstSequence(query: Query, epoch: number): Promise<number | null> {
    const [row] = await query<{ first: string }>(`select first_sequence as first from tree_epoch where epoch = $1`, [epoch]);
    return row === undefined ? null : Number(row.first);
  },

  async rows(query: Query, epoch: number, { first, last }: Range): Promise<LoggedRow[]> {
    const rows = await query<{ sequence: string; stored_at: Date; tenant: string; type: string; key: string; event_id: string; hash: string }>(
      `select sequence, stored_at, tenant, type, key, event_id, encode(sha256(convert_to(body, 'UTF8')), 'hex') as hash
       from event_log where epoch = $1 and sequence between $2 and $3 order by sequence`,
      [epoch, first, last],
    );
    return rows.map(({ sequence, stored_at, tenant, type, key, event_id: eventId, hash: bodyHash }) => ({ sequence: Number(sequence), storedAt: stored_at.toISOString(), tenant, type, key, eventId, bodyHash }));
  },

  async holes(query: Query, epoch: number, { first, last }: Range): Promise<Range[]> {
    const rows = await query<{ first_sequence: string; last_sequence: string }>(
      `select first_sequence, last_sequence from log_hole where epoch = $1 and first_sequence <= $3 and last_sequence >= $2 order by first_sequence`,
      [epoch, first, last],
    );
    return rows.map((row) => ({ first: Number(row.first_sequence), last: Number(row.last_sequence) }));
  },
};
