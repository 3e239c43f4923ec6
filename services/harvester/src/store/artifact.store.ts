import { idsOf, type Repositories } from '@granary/messaging';
import { USING_ARTIFACT } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Artifact } from '../harvest/artifact';

/** Why an artifact is needed whatever events name it, as SQL about the row `artifact`: from the facts of a newest commit everything else can be made again. */
export const ARTIFACT_IN_USE = `select 'it holds the newest facts of ' || name from repositories where repositories.tenant = artifact.tenant and pack_digest = artifact.digest and state = 'active' limit 1`;

/** A piece of a stored artifact; `bytes` is its uncompressed, `storedBytes` its stored size. */
export interface ArtifactPiece {
  readonly bytes: number;
  readonly storedBytes: number;
  readonly piece: Buffer;
}

/** Artifacts of a tenant, by the digest of their content. */
export class ArtifactStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Up to `length` stored bytes from an offset, empty at the end; null for an unknown digest. For who may not see all repositories, only what is of those given. While somebody reads it, it stays. */
  async readPiece(tenant: string, among: Repositories, digest: string, offset: number, length: number): Promise<ArtifactPiece | null> {
    // An offset beyond what PostgreSQL counts to lies beyond the end of every artifact too.
    const from = Math.min(offset, 2 ** 31 - 2) + 1;
    const [row] = await this.database.of(tenant).query<{ bytes: string; stored: number; piece: Buffer }[]>(
      `${USING_ARTIFACT} select bytes, octet_length(body) as stored, substring(body from $3 for $4) as piece from artifacts where tenant = $1 and digest = $2
         and ($5::uuid[] is null or exists (select 1 from artifact_repositories one where one.tenant = $1 and one.digest = $2 and one.repository_id = any($5)))`,
      [tenant, digest, from, length, idsOf(among)],
    );
    return row ? { bytes: Number(row.bytes), storedBytes: row.stored, piece: row.piece } : null;
  }

  /** Those of these digests that the tenant has no artifact of. */
  async gone(tenant: string, digests: readonly string[]): Promise<string[]> {
    const rows = await this.database.of(tenant).query<{ digest: string }[]>('select digest from artifacts where tenant = $1 and digest = any($2)', [tenant, digests]);
    const there = new Set(rows.map(({ digest }) => digest));
    return digests.filter((digest) => !there.has(digest));
  }

  /** Keeps an artifact of a repository; one that is there already is used again. The same digest means the same content, so what differs was damaged, and is mended. */
  async keep(manager: EntityManager, { tenant, repositoryId }: { readonly tenant: string; readonly repositoryId: string }, { digest, mediaType, bytes, body }: Artifact, now: Date): Promise<void> {
    await manager.query(
      `insert into artifacts (tenant, digest, media_type, bytes, body, created_at, last_used_at) values ($1, $2, $3, $4, $5, $6, now())
       on conflict (tenant, digest) do update
       set last_used_at = now(), bytes = excluded.bytes, body = case when artifacts.body = excluded.body then artifacts.body else excluded.body end`,
      [tenant, digest, mediaType, bytes, body, now],
    );
    await manager.query('insert into artifact_repositories (tenant, digest, repository_id) values ($1, $2, $3) on conflict do nothing', [tenant, digest, repositoryId]);
  }
}
