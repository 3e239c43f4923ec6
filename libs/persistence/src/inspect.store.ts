import type { DatabaseCore } from './database-core';

/** What a database says of itself to a service that is connected to it. */
export interface Inspection {
  /** The server's version, such as `18.4`. */
  readonly server: string;
  /** Milliseconds by which the server's clock is ahead of this process's; negative when it is behind. The way of the answer makes it uncertain by half its time. */
  readonly clockOffsetMs: number;
  readonly migrations: number;
  /** Migrations that this build has and the schema does not. */
  readonly pending: readonly string[];
  /** Migrations that the schema has and this build does not know: a newer one has run on it. */
  readonly ahead: readonly string[];
}

interface Row {
  readonly version: string;
  readonly now: Date;
  readonly applied: readonly string[];
}

export async function inspect({ dataSource, now }: Pick<DatabaseCore, 'dataSource' | 'now'>): Promise<Inspection> {
  const asked = now().getTime();
  const [row]: Row[] = await dataSource.query(`select split_part(current_setting('server_version'), ' ', 1) as version, clock_timestamp() as now, array(select name::text from migrations order by id) as applied`);
  if (row === undefined) throw new Error('the database answered a question of one row with none');
  const middle = (asked + now().getTime()) / 2;
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
  return {
    server: row.version,
    clockOffsetMs: Math.round(row.now.getTime() - middle),
    migrations: row.applied.length,
    pending: known.filter((name) => !row.applied.includes(name)),
    ahead: row.applied.filter((name) => !known.includes(name)),
  };
}
