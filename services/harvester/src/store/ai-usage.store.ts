import type { AiCall, AiPosture } from '@granary/contracts';
import type { DataSource, EntityManager } from 'typeorm';

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

/** Who calls models where, and how safe that looks, for the commit harvested last. */
export class AiUsageStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Sorted by path and provider. */
  async of(repositoryId: string, manager: EntityManager = this.dataSource.manager): Promise<ProviderUse[]> {
    return manager.query<ProviderUse[]>('select path, provider, calls from ai_usage where repository_id = $1 order by path collate "C", provider collate "C"', [repositoryId]);
  }

  async posture(repositoryId: string, manager: EntityManager = this.dataSource.manager): Promise<StoredPosture | null> {
    const [row] = await manager.query<StoredPosture[]>('select commit, posture from ai_postures where repository_id = $1', [repositoryId]);
    return row ?? null;
  }

  async save(manager: EntityManager, repositoryId: string, { changed, removed }: { changed: readonly ProviderUse[]; removed: readonly Pick<ProviderUse, 'path' | 'provider'>[] }): Promise<void> {
    if (removed.length > 0) {
      await manager.query('delete from ai_usage where repository_id = $1 and (path, provider) in (select * from unnest($2::text[], $3::text[]))', [repositoryId, removed.map(({ path }) => path), removed.map(({ provider }) => provider)]);
    }
    if (changed.length > 0) {
      await manager.query(
        `insert into ai_usage (repository_id, path, provider, calls) select $1, path, provider, calls from jsonb_to_recordset($2) as row (path text, provider text, calls jsonb)
         on conflict (repository_id, path, provider) do update set calls = excluded.calls`,
        [repositoryId, JSON.stringify(changed)],
      );
    }
  }

  async savePosture(manager: EntityManager, repositoryId: string, { commit, posture }: StoredPosture): Promise<void> {
    await manager.query(
      `insert into ai_postures (repository_id, commit, posture) values ($1, $2, $3)
       on conflict (repository_id) do update set commit = excluded.commit, posture = excluded.posture`,
      [repositoryId, commit, JSON.stringify(posture)],
    );
  }
}
