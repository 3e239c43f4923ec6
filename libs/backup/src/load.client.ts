import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createZstdDecompress } from 'node:zlib';
import { STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { removeStream, restoreConsumers, restoreStream, storedIds } from '@granary/messaging';
import type { Broker } from '@granary/messaging';
import type { Client } from 'pg';
import type { ListedBackup } from './backup-folder.store';
import { damaged, type SchemaRecord, type TableRecord } from './manifest';
import { withClient } from './store/connect.store';
import { forgetAnnouncements, waitingAnnouncements } from './store/outbox.store';
import { copyIn, setSequence } from './store/rows.store';

export interface Servers {
  /** Of a user who may act as every schema's role; the roles and their empty schemas are there. */
  readonly databaseUrl: string;
  /** Connected as an identity that may restore. */
  readonly broker: Broker;
}

/** An announcement may wait on a clock that is a little ahead of the broker's. */
const CLOCKS_MS = 60_000;

/**
 * Fills empty servers with a backup. The database has all of it or nothing.
 * @throws Fault permanent `database-not-empty`, `stream-exists`, `backup-damaged`, `snapshot-refused`
 */
export async function loadBackup(backup: ListedBackup, { databaseUrl, broker }: Servers, signal?: AbortSignal): Promise<void> {
  const { streams, consumers, postgres } = backup.manifest;
  const restored: string[] = [];
  try {
    await withClient(databaseUrl, async (client) => {
      const owners = await ownersOf(client, postgres.schemas);
      await refuseFilled(client, postgres.schemas);
      await client.query('begin');
      await client.query(`set local check_function_bodies = off; set local maintenance_work_mem = '128MB'`);
      for (const schema of postgres.schemas) await loadSchema(client, backup, schema, owners, signal);
      for (const { record, file } of streams) {
        await restoreStream(broker, record, createReadStream(join(backup.folder, file.path)));
        restored.push(record.stream);
      }
      await forgetPublished(client, broker, postgres.schemas, owners);
      // Rows are separated by tenant from here on, and indexes are built over all of a table at once.
      for (const { schema, after } of postgres.schemas) await run(client, owners, schema, after);
      await client.query('commit');
    });
    await restoreConsumers(broker, consumers);
  } catch (error) {
    for (const stream of restored) await removeStream(broker, stream);
    throw error;
  }
}

async function loadSchema(client: Client, backup: ListedBackup, { schema, before, sequences, tables }: SchemaRecord, owners: Owners, signal: AbortSignal | undefined): Promise<void> {
  await run(client, owners, schema, before);
  for (const table of tables) {
    signal?.throwIfAborted();
    if (table.file !== null) await loadTable(client, backup, schema, table);
  }
  for (const sequence of sequences) await setSequence(client, schema, sequence);
}

async function loadTable(client: Client, { folder }: ListedBackup, schema: string, record: TableRecord): Promise<void> {
  const path = join(folder, record.file?.path ?? '');
  const copied = await copyIn(client, { schema, table: record.table, columns: record.columns }, createReadStream(path, { highWaterMark: 256 * 1_024 }), createZstdDecompress({ chunkSize: 256 * 1_024 })).catch((cause: unknown) => {
    throw Fault.permanent('backup-damaged', `${path} cannot be loaded: ${(cause as Error).message}`, { cause });
  });
  if (copied.rows !== record.rows || copied.sha256 !== record.sha256) throw damaged(path, `it holds ${copied.rows} rows instead of ${record.rows}, or others`);
}

/** The role that each schema belongs to. */
type Owners = ReadonlyMap<string, string>;

async function ownersOf(client: Client, schemas: readonly SchemaRecord[]): Promise<Owners> {
  const { rows } = await client.query<{ schema: string; owner: string }>('select nspname as schema, nspowner::regrole::text as owner from pg_namespace where nspname = any($1::text[])', [schemas.map(({ schema }) => schema)]);
  const owners = new Map(rows.map(({ schema, owner }) => [schema, owner]));
  const missing = schemas.filter(({ schema }) => !owners.has(schema)).map(({ schema }) => schema);
  if (missing.length === 0) return owners;
  throw Fault.permanent('schema-missing', `the database has no schema ${missing.join(', ')}: make roles and schemas before the restore`);
}

/** As the schema's own role, so that everything is its own. */
async function run(client: Client, owners: Owners, schema: string, statements: readonly string[]): Promise<void> {
  await client.query(`set local role ${owners.get(schema) ?? schema}`);
  for (const statement of statements) await client.query(statement);
}

async function refuseFilled(client: Client, schemas: readonly SchemaRecord[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1::text[]) order by 1 limit 1`, [schemas.map(({ schema }) => schema)]);
  if (rows[0]) throw Fault.permanent('database-not-empty', `the database has tables already (${rows[0].name}): restore into an empty one`);
}

/** What the stream had stored when the cut was made, and the relay had not yet crossed out, is not to be published again. */
async function forgetPublished(client: Client, broker: Broker, schemas: readonly SchemaRecord[], owners: Owners): Promise<void> {
  for (const { schema, tables } of schemas) {
    if (!tables.some(({ table, rows }) => table === 'outbox' && rows > 0)) continue;
    await run(client, owners, schema, []);
    const waiting = await waitingAnnouncements(client, schema);
    if (waiting === null) continue;
    const stored = await storedIds(broker, STREAM, new Date(waiting.since.getTime() - CLOCKS_MS), waiting.ids);
    await forgetAnnouncements(client, schema, stored);
  }
}
