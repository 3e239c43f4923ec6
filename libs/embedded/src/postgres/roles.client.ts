import { Client } from 'pg';
import { Fault } from '@granary/faults';
import type { Log } from '../types';
import { readerSql, rolesSql, type PostgresRole } from './roles';

/** Creates a database when there is none of that name. @param adminUrl a URL of another database of the server */
export async function ensureDatabase(adminUrl: string, database: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  });
}

/**
 * Creates or updates roles and their schemas in the database of `adminUrl`.
 * @param exclusive whether the database is Granary's alone
 */
export async function ensureRoles(adminUrl: string, { roles, exclusive }: { roles: readonly PostgresRole[]; exclusive: boolean }): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ superuser: boolean; database: string }>(
      'SELECT rolsuper AS superuser, current_database() AS database FROM pg_roles WHERE rolname = current_user',
    );
    const { superuser, database } = rows[0] ?? { superuser: false, database: '' };
    await client.query(rolesSql({ database, roles, exclusive, grantToAdmin: !superuser }));
  });
}

/**
 * Creates or updates the role that backups read with, as far as the connected user may: some managed databases let nobody.
 * @returns whether the role is there
 */
export async function ensureReader(adminUrl: string, reader: PostgresRole, log: Log): Promise<boolean> {
  try {
    await withClient(adminUrl, async (client) => {
      const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database');
      await client.query(readerSql(rows[0]?.database ?? '', reader));
    });
    return true;
  } catch (error) {
    log.warn({ err: error }, 'the user of GRANARY_DATABASE_URL may not create the role that backups read with, so there are no backups; have an administrator make one (see the README of libs/embedded) and set GRANARY_BACKUP_DATABASE_URL');
    return false;
  }
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'granary-start' });
  try {
    await client.connect();
    await work(client);
  } catch (cause) {
    const { host, port, database } = client;
    throw Fault.transient('database-setup-failed', `the database ${database ?? ''} at ${host}:${port} could not be prepared: ${(cause as Error).message}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
