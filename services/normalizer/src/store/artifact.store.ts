import { idsOf, type Repositories } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Artifact } from '../artifact/artifact';
import { ArtifactEntity } from './artifact.entity';

/** A piece of a stored artifact; `bytes` is its uncompressed, `storedBytes` its stored size. */
export interface ArtifactPiece { bytes: number; storedBytes: number; piece: Buffer }

/** Artifacts of a tenant, by the digest of their content. */
export class ArtifactStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  async find(tenant: string, digest: string): Promise<Artifact | null> {
    const row = await this.database.of(tenant).findOneBy(ArtifactEntity, { tenant, digest });
    return row === null ? null : { digest, bytes: row.bytes, mediaType: row.mediaType, body: row.body };
  }

  /** Up to `length` stored bytes from an offset; an empty piece at the end. For who may not see all repositories, only what is of those given. */
  async readPiece(tenant: string, among: Repositories, digest: string, offset: number, length: number): Promise<ArtifactPiece | null> {
    // An offset beyond what PostgreSQL counts to lies beyond the end of every artifact too.
    const from = Math.min(offset, 2 ** 31 - 2) + 1;
    const rows = await this.database.of(tenant).query<{ bytes: number; stored: number; piece: Buffer }[]>(
      `select bytes, octet_length(body) as stored, substring(body from $3 for $4) as piece from artifacts where tenant = $1 and digest = $2
         and ($5::uuid[] is null or exists (select 1 from artifact_repositories one where one.tenant = $1 and one.digest = $2 and one.repository_id = any($5)))`,
      [tenant, digest, from, length, idsOf(among)],
    );
    const [row] = rows;
    return row === undefined ? null : { bytes: row.bytes, storedBytes: row.stored, piece: row.piece };
  }

  /** Keeps an artifact of a repository; one that is there already stays as it is, because the same digest means the same content. */
  async keep(manager: EntityManager, { tenant, repositoryId }: { readonly tenant: string; readonly repositoryId: string }, artifact: Artifact, now: Date): Promise<void> {
    const body = Buffer.from(artifact.body.buffer, artifact.body.byteOffset, artifact.body.byteLength);
    const { digest, bytes, mediaType } = artifact;
    await manager.createQueryBuilder().insert().into(ArtifactEntity).values({ tenant, digest, bytes, mediaType, body, createdAt: now }).orIgnore().execute();
    await manager.query('insert into artifact_repositories (tenant, digest, repository_id) values ($1, $2, $3) on conflict do nothing', [tenant, digest, repositoryId]);
  }
}
