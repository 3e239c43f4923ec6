import type { AiCall, AiPosture } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { RepositoryEntity } from './repository.entity';

/** The calls of one file to one provider. */
export interface ProviderUse {
  readonly path: string;
  readonly provider: string;
  readonly calls: readonly AiCall[];
}

export interface StoredPosture {
  readonly commit: string;
  readonly posture: AiPosture;
}

type Owner = Pick<RepositoryEntity, 'tenant' | 'repositoryId'>;

/** Who calls models where, and how safe that looks, for the commit harvested last. */
export class AiUsageStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Sorted by path and provider. */
  async of(tenant: string, repositoryId: string): Promise<ProviderUse[]> {
    return this.database.of(tenant).query<ProviderUse[]>('select path, provider, calls from ai_usage where repository_id = $1 order by path collate "C", provider collate "C"', [repositoryId]);
  }

  async posture(tenant: string, repositoryId: string): Promise<StoredPosture | null> {
    const [row] = await this.database.of(tenant).query<StoredPosture[]>('select commit, posture from ai_postures where repository_id = $1', [repositoryId]);
    return row ?? null;
  }

  async save(manager: EntityManager, { tenant, repositoryId }: Owner, { changed, removed }: { changed: readonly ProviderUse[]; removed: readonly Pick<ProviderUse, 'path' | 'provider'>[] }): Promise<void> {
    if (removed.length > 0) {
      await manager.query('delete from ai_usage where repository_id = $1 and (path, provider) in (select * from unnest($2::text[], $3::text[]))', [repositoryId, removed.map(({ path }) => path), removed.map(({ provider }) => provider)]);
    }
    if (changed.length > 0) {
      await manager.query(
        `insert into ai_usage (tenant, repository_id, path, provider, calls) select $1, $2, path, provider, calls from jsonb_to_recordset($3) as row (path text, provider text, calls jsonb)
         on conflict (repository_id, path, provider) do update set calls = excluded.calls`,
        [tenant, repositoryId, JSON.stringify(changed)],
      );
    }
  }

  async savePosture(manager: EntityManager, { tenant, repositoryId }: Owner, { commit, posture }: StoredPosture): Promise<void> {
    await manager.query(
      `insert into ai_postures (tenant, repository_id, commit, posture) values ($1, $2, $3, $4)
       on conflict (repository_id) do update set commit = excluded.commit, posture = excluded.posture`,
      [tenant, repositoryId, commit, JSON.stringify(posture)],
    );
  }
}
