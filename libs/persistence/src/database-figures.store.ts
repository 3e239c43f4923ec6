import type { DatabaseCore } from './database-core';
import type { DatabaseFigures } from './database-meters';
import { EVERY_TENANT } from './sight';
import { statementsOf } from './statements.client';

interface Row {
  held: DatabaseFigures['held'];
  owned: DatabaseFigures['owned'];
  oldest: string | null;
}

/** What a scrape asks of the database, in one statement. */
export async function readFigures({ dataSource }: Pick<DatabaseCore, 'dataSource'>): Promise<DatabaseFigures> {
  const [row] = await statementsOf(dataSource, EVERY_TENANT).query<Row[]>(
    `select (select coalesce(json_object_agg(state, rows), '{}') from (select state, count(*) as rows from held_events group by state) as held) as held,
            (select coalesce(json_object_agg(consumer, groups), '{}')
             from (select consumer, count(*) as groups from partition_leases where owner is not null and expires_at >= clock_timestamp() group by consumer) as leases) as owned,
            (select extract(epoch from clock_timestamp() - min(xact_start)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as oldest`,
  );
  return { held: row?.held ?? {}, owned: row?.owned ?? {}, oldestTransactionSeconds: Math.max(0, Number(row?.oldest ?? 0)) };
}
