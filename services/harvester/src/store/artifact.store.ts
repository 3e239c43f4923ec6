import { idsOf, type Repositories } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Artifact } from '../harvest/artifact';

/** A piece of a stored artifact; `bytes` is its uncompressed, `storedBytes` its stored size. */
export interface ArtifactPiece {
  readonly bytes: number;
  readonly storedBytes: number;
  readonly piece: Buffer;
}

/** Artifacts of a tenant, by the digest of their content. */
export class ArtifactStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Up to `length` stored bytes from an offset, empty at the end; null for an unknown digest. For who may not see all repositories, only what is of those given. */
  async readPiece(tenant: string, among: Repositories, digest: string, offset: number, length: number): Promise<ArtifactPiece | null> {
    // An offset beyond what PostgreSQL counts to lies beyond the end of every artifact too.
    const from = Math.min(offset, 2 ** 31 - 2) + 1;
    const [row] = await this.database.of(tenant).query<{ bytes: string; stored_bytes: string; piece: Buffer }[]>(
      `select bytes, stored_bytes, substring(body from $3 for $4) as piece from artifacts where tenant = $1 and digest = $2
         and ($5::uuid[] is null or exists (select 1 from artifact_repositories one where one.tenant = $1 and one.digest = $2 and one.repository_id = any($5)))`,
      [tenant, digest, from, length, idsOf(among)],
    );
    return row ? { bytes: Number(row.bytes), storedBytes: Number(row.stored_bytes), piece: row.piece } : null;
  }

  /** Keeps an artifact of a repository; one that is there already stays as it is, because the same digest means the same content. */
  async keep(manager: EntityManager, { tenant, repositoryId }: { readonly tenant: string; readonly repositoryId: string }, { digest, mediaType, bytes, body }: Artifact, now: Date): Promise<void> {
    await manager.query(
      `insert into artifacts (tenant, digest, media_type, bytes, stored_bytes, body, created_at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant, digest) do nothing`,
      [tenant, digest, mediaType, bytes, body.length, body, now],
    );
    await manager.query('insert into artifact_repositories (tenant, digest, repository_id) values ($1, $2, $3) on conflict do nothing', [tenant, digest, repositoryId]);
  }
}
