import type { NormalizerGraphSearchRequest, NormalizerGraphSearchResponse, NormalizerPackageUsersResponse, NormalizerRepositoryLinksResponse } from '@granary/contracts';
import type { NameChanges } from '@granary/graph';
import { idsOf, type Repositories } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';

export type NameKind = NormalizerGraphSearchResponse['matches'][number]['kind'];

/** The names in the newest graphs, of repositories that were not removed. */
export class NameStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Brings the names of a repository to those of its newest graph. */
  async change(manager: EntityManager, { tenant, repositoryId }: { tenant: string; repositoryId: string }, { written, removed }: NameChanges): Promise<void> {
    if (removed.length > 0) {
      await manager.query('delete from names where tenant = $1 and repository_id = $2 and (kind, name) in (select * from unnest($3::text[], $4::text[]))', [tenant, repositoryId, removed.map(({ kind }) => kind), removed.map(({ name }) => name)]);
    }
    for (let start = 0; start < written.length; start += AT_ONCE) {
      await manager.query(
        `insert into names (tenant, repository_id, kind, name, package_name, version, scope, direct)
         select $1, $2, kind, name, "packageName", version, scope, direct
         from jsonb_to_recordset($3) as row (kind text, name text, "packageName" text, version text, scope text, direct boolean)
         on conflict (tenant, repository_id, kind, name) do update
         set package_name = excluded.package_name, version = excluded.version, scope = excluded.scope, direct = excluded.direct`,
        [tenant, repositoryId, JSON.stringify(written.slice(start, start + AT_ONCE))],
      );
    }
  }

  /** Whether anything is known of a repository; without, all its names are to be written. */
  async knows(tenant: string, repositoryId: string): Promise<boolean> {
    const [row] = await this.database.of(tenant).query<{ known: boolean }[]>('select exists (select 1 from names where tenant = $1 and repository_id = $2) as known', [tenant, repositoryId]);
    return row?.known === true;
  }

  /** Whole names first, then beginnings of their last part, then the shortest. */
  async search(tenant: string, { query, kinds, among }: Pick<NormalizerGraphSearchRequest, 'query'> & { kinds: readonly NameKind[] | null; among: Repositories }, limit: number): Promise<NormalizerGraphSearchResponse['matches']> {
    const wanted = query.toLowerCase();
    return this.database.of(tenant).query(
      `select names.repository_id as "repositoryId", repositories.name as repository, names.kind, names.name
       from names join repositories using (tenant, repository_id)
       where names.tenant = $1 and repositories.removed_at is null
         and ($2::uuid[] is null or names.repository_id = any($2)) and ($3::text[] is null or names.kind = any($3))
         and position($4 in lower(names.name)) > 0
       order by lower(names.name) <> $4, position('/' || $4 in '/' || lower(names.name)) = 0, length(names.name), names.name collate "C", repositories.name collate "C", names.kind
       limit $5`,
      [tenant, idsOf(among), kinds, wanted, limit],
    );
  }

  /** Who of these has a package in its graph; direct users first. */
  async users(tenant: string, among: Repositories, packageNames: readonly string[], version: string | null, limit: number): Promise<NormalizerPackageUsersResponse['users']> {
    return this.database.of(tenant).query(
      `select names.repository_id as "repositoryId", repositories.name as repository, names.name as purl, names.version, names.scope, names.direct
       from names join repositories using (tenant, repository_id)
       where names.tenant = $1 and names.kind = 'package' and names.package_name = any($2) and repositories.removed_at is null and ($3::text is null or names.version = $3)
         and ($5::uuid[] is null or names.repository_id = any($5))
       order by not names.direct, repositories.name collate "C", names.name collate "C"
       limit $4`,
      [tenant, packageNames, version, limit, idsOf(among)],
    );
  }

  /** The package URLs, without versions, of packages of this name in any ecosystem. */
  async packagesNamed(tenant: string, name: string): Promise<string[]> {
    const rows = await this.database.of(tenant).query<{ package_name: string }[]>(
      `select distinct package_name from names where tenant = $1 and kind = 'package' and package_name is not null and (package_name = $2 or right(package_name, length($3)) = $3)`,
      [tenant, name, `/${encodeURI(name).replaceAll('@', '%40').replace(':', '/')}`],
    );
    return rows.map((row) => row.package_name);
  }

  /** Which of these repositories use packages that others of these make, themselves or by way of others. */
  async links(tenant: string, among: Repositories, repositoryId: string | null, limit: number): Promise<NormalizerRepositoryLinksResponse['links']> {
    const rows = await this.database.of(tenant).query<LinkRow[]>(
      `select used.repository_id as from_id, user_of.name as from_name, made.repository_id as to_id, maker.name as to_name,
         made.package_name as purl, used.version, made.version as published, used.scope
       from names used
       join names made on made.tenant = used.tenant and made.kind = 'publication' and made.package_name = used.package_name and made.repository_id <> used.repository_id
       join repositories user_of on user_of.tenant = used.tenant and user_of.repository_id = used.repository_id and user_of.removed_at is null
       join repositories maker on maker.tenant = made.tenant and maker.repository_id = made.repository_id and maker.removed_at is null
       where used.tenant = $1 and used.kind = 'package' and ($2::uuid is null or used.repository_id = $2 or made.repository_id = $2)
         and ($4::uuid[] is null or (used.repository_id = any($4) and made.repository_id = any($4)))
       order by user_of.name collate "C", maker.name collate "C", made.package_name collate "C", used.version collate "C"
       limit $3`,
      [tenant, repositoryId, limit, idsOf(among)],
    );
    return rows.map((row) => ({ from: { repositoryId: row.from_id, name: row.from_name }, to: { repositoryId: row.to_id, name: row.to_name }, purl: row.purl, version: row.version, published: row.published, scope: row.scope }));
  }
}

interface LinkRow {
  from_id: string;
  from_name: string;
  to_id: string;
  to_name: string;
  purl: string;
  version: string | null;
  published: string | null;
  scope: NormalizerRepositoryLinksResponse['links'][number]['scope'];
}

const AT_ONCE = 2_000;
