import { Fault } from '@granary/faults';
import type { Database } from '@granary/persistence';
import { edgeTiles, openEdge, tilesOf, type LeafRange, type ReadTile, type TileAddress, type TreeEdge } from '@granary/transparency';
import type { Growth, LogTree } from '../prove/log-tree';
import type { Position } from '../record/position';

/** Sends a statement and gives its rows: a pool, a transaction or a connection. */
export type Query = <Row>(sql: string, values: unknown[]) => Promise<Row[]>;

export interface TreeState {
  /** The name by which others know this log. */
  origin: string;
  size: number;
  /** The last row that is in the tree; both 0 before the first. */
  epoch: number;
  sequence: number;
  /** Why nothing may be signed: what is kept elsewhere says otherwise. Null when nothing does. */
  suspect: string | null;
}

/** @param lock keeps the tree, and everybody else who locks it, as it is until the transaction ends */
export async function readTreeState(query: Query, { lock = false } = {}): Promise<TreeState> {
  const [row] = await query<{ origin: string; size: string; epoch: number; sequence: string; suspect: string | null }>(`select origin, size, epoch, sequence, suspect from tree_state${lock ? ' for update' : ''}`, []);
  if (row === undefined) throw Fault.permanent('tree-missing', 'the tree over the event log has no state: its row was removed. Restore the schema of audit from a backup');
  return { origin: row.origin, size: Number(row.size), epoch: row.epoch, sequence: Number(row.sequence), suspect: row.suspect };
}

/** The tree as it is, ready to grow. */
export async function readTree(query: Query): Promise<LogTree> {
  const { size, epoch, sequence } = await readTreeState(query);
  return { edge: await readEdge(query, size), epoch, sequence };
}

/** The edge of the tree as it was with that many leaves. Faults: `tile-missing`. */
export async function readEdge(query: Query, size: number): Promise<TreeEdge> {
  return openEdge(size, await readTiles(query, edgeTiles(size)));
}

/** What the hashes of these nodes are made of, all read at once. */
export async function readNodes(query: Query, ranges: readonly LeafRange[]): Promise<ReadTile> {
  return readTiles(query, tilesOf(ranges));
}

async function readTiles(query: Query, tiles: readonly TileAddress[]): Promise<ReadTile> {
  const rows = await query<{ level: number; index: string; hashes: Buffer }>(
    `select level, index, hashes from unnest($1::smallint[], $2::bigint[]) as wanted (level, index) join tree_tile using (level, index)`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index)],
  );
  const found = new Map(rows.map(({ level, index, hashes }) => [`${level}/${index}`, hashes]));
  return (level, index) => found.get(`${level}/${index}`) ?? null;
}

/** Keeps what has grown. Faults: transient `tree-changed` when the tree is not as `before` any more. */
export async function saveGrowth(query: Query, before: LogTree, { tree, tiles, begins }: Growth): Promise<void> {
  if (begins) await query(`insert into tree_epoch (epoch, first_leaf, first_sequence) values ($1, $2, $3)`, [begins.epoch, begins.firstLeaf, begins.firstSequence]);
  const saved = await query(
    `with saved as (
       insert into tree_tile (level, index, hashes) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
       on conflict (level, index) do update set hashes = excluded.hashes)
     update tree_state set size = $4, epoch = $5, sequence = $6 where size = $7 and epoch = $8 and sequence = $9 returning size`,
    [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes), tree.edge.size, tree.epoch, tree.sequence, before.edge.size, before.epoch, before.sequence],
  );
  if (saved.length !== 1) throw Fault.transient('tree-changed', 'the tree over the event log was changed by somebody else than its one writer; it is read again');
}

/** Asks the tree over the event log. It belongs to no tenant. */
export class TreeStore {
  readonly query: Query;

  constructor(database: Pick<Database, 'across'>) {
    this.query = (sql, values) => database.across.rows.query(sql, values);
  }

  state(): Promise<TreeState> {
    return readTreeState(this.query);
  }

  /** The tree as it was with that many leaves. Faults: `tile-missing`. */
  edge(size: number): Promise<TreeEdge> {
    return readEdge(this.query, size);
  }

  nodes(ranges: readonly LeafRange[]): Promise<ReadTile> {
    return readNodes(this.query, ranges);
  }

  /** The place of a row among the leaves, from 0; null when its epoch is not in the tree. */
  async leafIndex({ epoch, sequence }: Position): Promise<number | null> {
    // A hole is one leaf, however many sequences it has.
    const [row] = await this.query<{ index: string }>(
      `select first_leaf + ($2::bigint - first_sequence)
         - coalesce((select sum(hole.last_sequence - hole.first_sequence) from log_hole hole
                     where hole.epoch = start.epoch and hole.first_sequence >= start.first_sequence and hole.last_sequence < $2), 0) as index
       from tree_epoch start where epoch = $1 and first_sequence <= $2`,
      [epoch, sequence],
    );
    return row === undefined ? null : Number(row.index);
  }
}
