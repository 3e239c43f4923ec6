import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { STREAM } from '@granary/contracts';
import { consumerFloors, openSnapshot } from '@granary/messaging';
import type { Broker, StreamSnapshot } from '@granary/messaging';
import type { Client } from 'pg';
import { openDraft, type Draft, type ListedBackup } from './backup-folder.store';
import { BACKUP_FORMAT, backupName, filesOf, type Manifest, type SchemaRecord, type StreamPart, type TableRecord } from './manifest';
import { inOneCut } from './store/cut.store';
import { copyOut, hasRows, migrationsOf, sequenceRecords } from './store/rows.store';
import { presentSchemas, readShape, type Table } from './store/shape.store';

export interface CreateOptions {
  /** The folder of all backups. */
  readonly root: string;
  /** Of a role that sees every row and may lock tables (see libs/embedded). */
  readonly databaseUrl: string;
  /** Those that are there are taken. */
  readonly schemas: readonly string[];
  /** Connected as an identity that backs up. */
  readonly broker: Broker;
  /** Streams beside that of all events. */
  readonly streams: readonly string[];
  readonly granary: string;
  readonly now: () => Date;
  /** Aborted, nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** What decompresses it anywhere: zstd at its quickest. */
const COMPRESSION = { chunkSize: 256 * 1_024, params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Takes the rows of schemas and the messages of streams as they were at one moment into a new folder.
 * @throws Fault `backup-not-quiet`, `disk-full`, `backup-unknown-object`, `snapshot-broken`, `database-unreachable`
 */
export async function createBackup(options: CreateOptions): Promise<ListedBackup> {
  const { root, databaseUrl, schemas, broker, signal } = options;
  const at = options.now();
  const name = backupName(at);
  const draft = await openDraft(root, name);
  const snapshots: StreamSnapshot[] = [];
  try {
    // Before the cut: what is settled by then has its effects in the snapshot. What is settled later comes again, and is known.
    const consumers = await consumerFloors(broker);
    const beside = async () => {
      for (const stream of [STREAM, ...options.streams]) snapshots.push(await openSnapshot(broker, stream));
    };
    const { streams, postgres } = await inOneCut({ url: databaseUrl, schemas }, beside, async (client) => ({
      // The broker does not wait as long as PostgreSQL does.
      streams: await Promise.all(snapshots.map((snapshot) => saveStream(draft, snapshot, signal))),
      postgres: await saveDatabase(client, draft, schemas, signal),
    }));
    const found = { format: BACKUP_FORMAT, name, createdAt: at.toISOString(), granary: options.granary, postgres, streams, consumers, bytes: 0, rows: 0 } as const;
    const manifest: Manifest = { ...found, bytes: sum(filesOf(found).map(({ bytes }) => bytes)), rows: sum(postgres.schemas.flatMap(({ tables }) => tables.map(({ rows }) => rows))) };
    signal?.throwIfAborted();
    return { name, folder: await draft.finish(manifest), manifest, verification: null };
  } catch (error) {
    for (const snapshot of snapshots) snapshot.close();
    await draft.discard();
    throw error;
  }
}

async function saveStream(draft: Draft, snapshot: StreamSnapshot, signal: AbortSignal | undefined): Promise<StreamPart> {
  const { into, record } = draft.file(`streams/${snapshot.record.stream}.snapshot`);
  await pipeline(snapshot.chunks(), into, signal ? { signal } : {});
  return { record: snapshot.record, file: record() };
}

async function saveDatabase(client: Client, draft: Draft, schemas: readonly string[], signal: AbortSignal | undefined): Promise<Manifest['postgres']> {
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version') as version`);
  const shape = await readShape(client, await presentSchemas(client, schemas));
  const sequences = await sequenceRecords(client, shape.sequences);
  const tables: { schema: string; record: TableRecord }[] = [];
  for (const table of shape.tables) {
    signal?.throwIfAborted();
    tables.push({ schema: table.schema, record: await saveTable(client, draft, table) });
  }
  const records: SchemaRecord[] = [];
  for (const { schema, before, after } of shape.schemas) {
    const migrations = await migrationsOf(client, schema);
    records.push({ schema, migrations, before, after, sequences: sequences.filter(isOf(schema)).map(({ record }) => record), tables: tables.filter(isOf(schema)).map(({ record }) => record) });
  }
  return { version: rows[0]?.version ?? '', schemas: records };
}

async function saveTable(client: Client, draft: Draft, table: Table): Promise<TableRecord> {
  const { schema, table: name, columns } = table;
  if (!(await hasRows(client, table))) return { table: name, columns, rows: 0, bytes: 0, sha256: '', file: null };
  const { into, record } = draft.file(`postgres/${schema}.${name}.copy.zst`);
  return { table: name, columns, ...(await copyOut(client, table, createZstdCompress(COMPRESSION), into)), file: record() };
}

const isOf = (schema: string) => (one: { readonly schema: string }) => one.schema === schema;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
