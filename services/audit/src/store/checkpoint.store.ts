import type { Query } from './tree.store';
import type { CheckpointKind } from '../prove/due';

/** A signed checkpoint as it is kept. */
export interface KeptCheckpoint {
  time: Date;
  kind: CheckpointKind;
  origin: string;
  size: number;
  root: Buffer;
  epoch: number;
  sequence: number;
  note: string;
}

/** A key that signs checkpoints, or did. */
export interface KeptKey {
  id: string;
  vkey: string;
  /** The private half; null once it is retired. */
  sealedSeed: Buffer | null;
  endorsement: string | null;
  createdAt: Date;
  retiredAt: Date | null;
}

type CheckpointRow = Omit<KeptCheckpoint, 'size' | 'sequence'> & { size: string; sequence: string };

const COLUMNS = 'time, kind, origin, size, root, epoch, sequence, note';

/** Checkpoints and the keys that sign them. They belong to no tenant. */
export const checkpointStore = {
  /** The newest first; `before` is not included. */
  async newest(query: Query, { limit = 1, before = null }: { limit?: number; before?: Date | null } = {}): Promise<KeptCheckpoint[]> {
    return (await query<CheckpointRow>(`select ${COLUMNS} from checkpoint where $1::timestamptz is null or time < $1 order by time desc limit $2`, [before, limit])).map(asKept);
  },

  /** Behind that moment, the oldest first. */
  async since(query: Query, after: Date | null, limit: number): Promise<KeptCheckpoint[]> {
    return (await query<CheckpointRow>(`select ${COLUMNS} from checkpoint where $1::timestamptz is null or time > $1 order by time limit $2`, [after, limit])).map(asKept);
  },

  async add(query: Query, { time, kind, origin, size, root, epoch, sequence, note }: KeptCheckpoint): Promise<void> {
    await query(`insert into checkpoint (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [time, kind, origin, size, root, epoch, sequence, note]);
  },

  /** The newest first. */
  async keys(query: Query): Promise<KeptKey[]> {
    return query<KeptKey>(`select id, vkey, sealed_seed as "sealedSeed", endorsement, created_at as "createdAt", retired_at as "retiredAt" from checkpoint_key order by retired_at desc nulls first, created_at desc`, []);
  },

  async addKey(query: Query, { id, vkey, sealedSeed, endorsement, createdAt }: Omit<KeptKey, 'retiredAt'>): Promise<void> {
    await query(`insert into checkpoint_key (id, vkey, sealed_seed, endorsement, created_at) values ($1, $2, $3, $4, $5)`, [id, vkey, sealedSeed, endorsement, createdAt]);
  },

  /** It signs no more, so its private half goes. */
  async retireKey(query: Query, id: string, at: Date): Promise<void> {
    await query(`update checkpoint_key set retired_at = $2, sealed_seed = null where id = $1`, [id, at]);
  },

  /** When there began to be something to sign; null before. */
  async logBegan(query: Query): Promise<Date | null> {
    const [row] = await query<{ began: Date | null }>(`select min(opened_at) as began from log_epoch`, []);
    return row?.began ?? null;
  },

  /** Notes that what is kept elsewhere contradicts the tree, or that nothing does any more. */
  async suspect(query: Query, why: string | null): Promise<void> {
    await query(`update tree_state set suspect = $1 where suspect is distinct from $1`, [why]);
  },

  /** Gives the log a name that it never had: for others it is another log from then on. */
  async rename(query: Query): Promise<void> {
    await query(`update tree_state set origin = 'granary/' || gen_random_uuid(), suspect = null`, []);
  },
};

function asKept(row: CheckpointRow): KeptCheckpoint {
  return { ...row, size: Number(row.size), sequence: Number(row.sequence) };
}
