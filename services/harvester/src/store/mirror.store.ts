import type { CacheEntry } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import { OPEN } from './job-states';

/** A mirror as it lies on one machine. */
export interface MeasuredMirror {
  readonly repositoryId: string;
  readonly bytes: number;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
}

const OPEN_SQL = OPEN.map((state) => `'${state}'`).join(', ');
const IN_USE = `(select 'a harvest of ' || name || ' waits or runs' from jobs where jobs.repository_id = mirror.repository_id and jobs.state in (${OPEN_SQL}) limit 1)`;

interface Row {
  place: string;
  repository_id: string;
  tenant: string;
  bytes: string;
  created_at: Date;
  last_used_at: Date;
  name: string | null;
  state: string | null;
  in_use: string | null;
}

/** Which mirrors lie where. A place is a folder of mirrors, of which every machine has its own. */
export class MirrorStore {
  constructor(private readonly database: Pick<Database, 'across'>) {}

  /** Writes what one place holds now, and forgets what is there no more. A mirror of nobody's belongs to the platform. */
  async save(place: string, mirrors: readonly MeasuredMirror[]): Promise<void> {
    const { rows } = this.database.across;
    await rows.query(
      `insert into mirrors as mirror (place, repository_id, tenant, bytes, created_at, last_used_at)
       select $1, "repositoryId", coalesce(tenant, '_platform'), bytes, "createdAt", "lastUsedAt"
       from jsonb_to_recordset($2) as found ("repositoryId" uuid, bytes bigint, "createdAt" timestamptz, "lastUsedAt" timestamptz)
       left join repositories on repository_id = "repositoryId"
       on conflict (place, repository_id) do update set bytes = excluded.bytes, last_used_at = excluded.last_used_at
       where (mirror.bytes, mirror.last_used_at) is distinct from (excluded.bytes, excluded.last_used_at)`,
      [place, JSON.stringify(mirrors)],
    );
    await rows.query('delete from mirrors where place = $1 and not repository_id = any($2::uuid[])', [place, mirrors.map(({ repositoryId }) => repositoryId)]);
  }

  async list(after: string | null, limit: number): Promise<CacheEntry[]> {
    const [tenant = '', id = ''] = after?.split(' ') ?? [];
    const found = await this.database.across.rows.query<Row[]>(
      `select mirror.*, repositories.name, repositories.state, ${IN_USE} as in_use
       from mirrors mirror left join repositories using (repository_id)
       where (mirror.tenant, mirror.place || ':' || mirror.repository_id) > ($1, $2) order by mirror.tenant, mirror.place || ':' || mirror.repository_id limit $3`,
      [tenant, id, limit],
    );
    return found.map(entryOf);
  }

  /** Asks whoever has the place to delete a mirror; false when none is known there. */
  async ask(place: string, repositoryId: string): Promise<boolean> {
    const [, asked] = await this.database.across.rows.query<[unknown, number]>('update mirrors set evict = true where place = $1 and repository_id = $2', [place, repositoryId]);
    return asked > 0;
  }

  /** The mirrors of a place that somebody asked to delete. */
  async asked(place: string): Promise<string[]> {
    const rows = await this.database.across.rows.query<{ repository_id: string }[]>('select repository_id from mirrors where place = $1 and evict', [place]);
    return rows.map((row) => row.repository_id);
  }

  /**
   * Forgets a mirror and has it put away, while no harvest of its repository can begin; answers its size, or what keeps it.
   * @param putAway makes the folder unreachable, at once
   */
  async evict(place: string, repositoryId: string, putAway: () => Promise<void>): Promise<{ bytes: number } | { why: string } | null> {
    return this.database.across.transact({ tenant: '_platform', correlationId: repositoryId }, async ({ manager }) => {
      // A job that is being taken holds its repository; what it has written can be seen once this is ours.
      await manager.query('select 1 from repositories where repository_id = $1 for update', [repositoryId]);
      return this.evictLocked(manager, place, repositoryId, putAway);
    });
  }

  private async evictLocked(manager: EntityManager, place: string, repositoryId: string, putAway: () => Promise<void>): Promise<{ bytes: number } | { why: string } | null> {
    const [row] = await manager.query<Pick<Row, 'bytes' | 'in_use'>[]>(`select bytes, ${IN_USE} as in_use from mirrors mirror where place = $1 and repository_id = $2`, [place, repositoryId]);
    if (row === undefined) return null;
    if (row.in_use !== null) {
      await manager.query('update mirrors set evict = false where place = $1 and repository_id = $2', [place, repositoryId]);
      return { why: row.in_use };
    }
    await manager.query('delete from mirrors where place = $1 and repository_id = $2', [place, repositoryId]);
    await putAway();
    return { bytes: Number(row.bytes) };
  }
}

function entryOf({ place, repository_id: repositoryId, tenant, bytes, created_at: createdAt, last_used_at: lastUsedAt, name, state, in_use: inUse }: Row): CacheEntry {
  const what = name === null ? 'of a repository that is not known' : state === 'active' ? name : `${name}, which is not watched any more`;
  return { tenant, kind: 'mirror', id: `${place}:${repositoryId}`, what, bytes: Number(bytes), contentBytes: Number(bytes), createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString(), compression: 'fast', lasting: state === 'active', inUse };
}
