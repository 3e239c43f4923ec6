import { idsOf, type Lookups, type Repositories } from '@granary/messaging';
import { USING_ARTIFACT, type Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Artifact } from '../artifact/artifact';

/** Why an artifact is needed whatever events name it, as SQL about the row `artifact`: the next graph is compared with the newest, which answers questions meanwhile. */
export const ARTIFACT_IN_USE = `select 'it is the newest graph of ' || name from repositories where repositories.tenant = artifact.tenant and head_hash = artifact.digest and removed_at is null limit 1`;

/** A piece of a stored artifact; `bytes` is its uncompressed, `storedBytes` its stored size. */
export interface ArtifactPiece { bytes: number; storedBytes: number; piece: Buffer }

/** Artifacts of a tenant, by the digest of their content. */
export class ArtifactStore {
  constructor(
    private readonly database: Pick<Database, 'of'>,
    private readonly lookups: Pick<Lookups, 'count'>,
  ) {}

  async find(tenant: string, digest: string): Promise<Artifact | null> {
    const [row] = await this.database.of(tenant).query<{ bytes: number; media_type: string; body: Buffer }[]>(`${USING_ARTIFACT} select bytes, media_type, body from artifacts where tenant = $1 and digest = $2`, [tenant, digest]);
    this.lookups.count(tenant, 'artifact', row ? { hits: 1 } : { misses: 1 });
    return row === undefined ? null : { digest, bytes: row.bytes, mediaType: row.media_type, body: row.body };
  }

  /** Up to `length` stored bytes from an offset; an empty piece at the end. For who may not see all repositories, only what is of those given. While somebody reads it, it stays. */
  async readPiece(tenant: string, among: Repositories, digest: string, offset: number, length: number): Promise<ArtifactPiece | null> {
    // An offset beyond what PostgreSQL counts to lies beyond the end of every artifact too.
    const from = Math.min(offset, 2 ** 31 - 2) + 1;
    const rows = await this.database.of(tenant).query<{ bytes: number; stored: number; piece: Buffer }[]>(
      `${USING_ARTIFACT} select bytes, octet_length(body) as stored, substring(body from $3 for $4) as piece from artifacts where tenant = $1 and digest = $2
         and ($5::uuid[] is null or exists (select 1 from artifact_repositories one where one.tenant = $1 and one.digest = $2 and one.repository_id = any($5)))`,
      [tenant, digest, from, length, idsOf(among)],
    );
    const [row] = rows;
    if (offset === 0) this.lookups.count(tenant, 'artifact', row ? { hits: 1 } : { misses: 1 });
    return row === undefined ? null : { bytes: row.bytes, storedBytes: row.stored, piece: row.piece };
  }

  /** Those of these digests that the tenant has no artifact of. */
  async gone(tenant: string, digests: readonly string[]): Promise<string[]> {
    const rows = await this.database.of(tenant).query<{ digest: string }[]>('select digest from artifacts where tenant = $1 and digest = any($2)', [tenant, digests]);
    const there = new Set(rows.map(({ digest }) => digest));
    return digests.filter((digest) => !there.has(digest));
  }

  /** Keeps an artifact of a repository; one that is there already is used again. The same digest means the same content, so what differs was damaged, and is mended. */
  async keep(manager: EntityManager, { tenant, repositoryId }: { readonly tenant: string; readonly repositoryId: string }, artifact: Artifact, now: Date): Promise<void> {
    const body = Buffer.from(artifact.body.buffer, artifact.body.byteOffset, artifact.body.byteLength);
    const { digest, bytes, mediaType } = artifact;
    await manager.query(
      `insert into artifacts (tenant, digest, media_type, bytes, body, created_at, last_used_at) values ($1, $2, $3, $4, $5, $6, now())
       on conflict (tenant, digest) do update
       set last_used_at = now(), bytes = excluded.bytes, body = case when artifacts.body = excluded.body then artifacts.body else excluded.body end`,
      [tenant, digest, mediaType, bytes, body, now],
    );
    await manager.query('insert into artifact_repositories (tenant, digest, repository_id) values ($1, $2, $3) on conflict do nothing', [tenant, digest, repositoryId]);
  }
}
