import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inboxPrefix } from '@granary/contracts';
import { endLeftover, ensureDatabase, ensureRoles, findNats, startNats, startPostgres, type Environment } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { connectBroker, consumerFloors, readContent } from '@granary/messaging';
import type { Broker } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Client } from 'pg';
import { checkFiles, saveVerification, type ListedBackup, type Verification } from './backup-folder.store';
import { loadBackup, type Servers } from './load.client';
import type { Manifest, SchemaRecord } from './manifest';
import { withClient } from './store/connect.store';
import { digestOf, sequenceRecords } from './store/rows.store';
import { readShape } from './store/shape.store';

export interface VerifyOptions {
  /** For the scratch servers: emptied before and removed after. Whoever runs as root lets others pass through its parents. */
  readonly scratch: string;
  /** Where nats-server is looked for. */
  readonly env: Environment;
  readonly log: Logger;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

const DATABASE = 'granary';
const USER = 'verifier';

/**
 * Restores a backup into servers of its own, which nobody else reaches, and compares all that is there with what the backup
 * says: the making of each schema, rows and digest of each table, each sequence, the messages of each stream. Notes it in the backup.
 * @throws Fault permanent `backup-damaged`, `backup-differs`; those of the servers
 */
export async function verifyBackup(backup: ListedBackup, options: VerifyOptions): Promise<Verification> {
  const begun = performance.now();
  await checkFiles(backup, options.signal);
  const streams = await inScratch(options, backup.manifest, async (servers) => {
    await loadBackup(backup, servers, options.signal);
    await withClient(servers.databaseUrl, (client) => compareDatabase(client, backup.manifest, options.signal));
    await compareConsumers(servers.broker, backup.manifest);
    return compareStreams(servers.broker, backup);
  });
  const messages = backup.manifest.streams.reduce((sum, { record }) => sum + record.state.messages, 0);
  const verification = { verifiedAt: options.now().toISOString(), seconds: Math.round(performance.now() - begun) / 1_000, rows: backup.manifest.rows, messages, streams };
  await saveVerification(backup.folder, verification);
  return verification;
}

/** Ends scratch servers that a killed process left running, and removes their files. */
export async function clearScratch(folder: string): Promise<void> {
  await endLeftover({ pidFile: join(folder, 'nats', 'nats.pid'), folder: join(folder, 'nats'), signal: 'SIGTERM' });
  await endLeftover({ pidFile: join(folder, 'postgres', 'postmaster.pid'), folder: join(folder, 'postgres'), signal: 'SIGINT' });
  rmSync(folder, { recursive: true, force: true });
}

async function inScratch<R>({ scratch, env, log }: VerifyOptions, { postgres }: Manifest, work: (servers: Servers) => Promise<R>): Promise<R> {
  await clearScratch(scratch);
  mkdirSync(scratch, { recursive: true, mode: 0o711 });
  const password = randomBytes(24).toString('base64url');
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const binary = await findNats({ env, log });
    const nats = await startNats({ binary: binary.path, folder: join(scratch, 'nats'), logFile: join(scratch, 'nats.log'), users: [{ user: USER, password }], monitor: { user: 'monitor', password: randomBytes(24).toString('base64url') }, syncAlways: false, log });
    ends.push(() => nats.stop());
    // What is gone after a crash is made again: nothing here has to wait for the disk.
    const server = await startPostgres({ folder: join(scratch, 'postgres'), admin: { user: USER, password }, fast: true, logFile: join(scratch, 'postgres.log'), log });
    ends.push(() => server.stop());
    await ensureDatabase(server.adminUrl, DATABASE);
    const url = new URL(server.adminUrl);
    url.pathname = `/${DATABASE}`;
    await ensureRoles(url.href, { roles: postgres.schemas.map(({ schema }) => ({ name: schema, password })), exclusive: true });
    const broker = await connectBroker({ url: nats.url, user: USER, password, name: USER, inboxPrefix: inboxPrefix(USER), log });
    ends.push(() => broker.close());
    return await work({ databaseUrl: url.href, broker });
  } finally {
    for (const end of ends.reverse()) await end().catch((error: unknown) => log.warn({ err: error }, 'a scratch server did not end in order'));
    await clearScratch(scratch);
  }
}

async function compareDatabase(client: Client, { postgres }: Manifest, signal: AbortSignal | undefined): Promise<void> {
  const schemas = postgres.schemas.map(({ schema }) => schema);
  const shape = await readShape(client, schemas);
  for (const { schema, before, after } of postgres.schemas) {
    const found = shape.schemas.find((one) => one.schema === schema);
    const made = new Set([...(found?.before ?? []), ...(found?.after ?? [])].map(withoutBrackets));
    const missing = [...before, ...after].find((statement) => !made.has(withoutBrackets(statement)));
    if (missing !== undefined) throw differs(`schema ${schema} came out otherwise: it has no ${missing}`);
  }
  for (const schema of postgres.schemas) await compareTables(client, schema, signal);
  const sequences = await sequenceRecords(client, shape.sequences);
  for (const { schema, sequences: wanted } of postgres.schemas) {
    for (const { sequence, value, called } of wanted) {
      const found = sequences.find((one) => one.schema === schema && one.record.sequence === sequence)?.record;
      if (found?.value !== value || found.called !== called) throw differs(`sequence ${schema}.${sequence} should stand at ${value}, and stands at ${found?.value ?? 'nothing'}`);
    }
  }
}

async function compareTables(client: Client, { schema, tables }: SchemaRecord, signal: AbortSignal | undefined): Promise<void> {
  for (const { table, columns, rows, sha256 } of tables) {
    signal?.throwIfAborted();
    const found = await digestOf(client, { schema, table, columns });
    // What the stream holds already is not to be published again, so it is left out.
    if (table === 'outbox' && found.rows < rows) continue;
    if (found.rows !== rows) throw differs(`table ${schema}.${table} should have ${rows} rows, and has ${found.rows}`);
    if (rows > 0 && found.sha256 !== sha256) throw differs(`the rows of table ${schema}.${table} are not those that were backed up`);
  }
}

async function compareStreams(broker: Broker, { manifest, verification }: ListedBackup): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const { record: { stream, state } } of manifest.streams) {
    const content = await readContent(broker, stream);
    if (content.messages !== state.messages) throw differs(`stream ${stream} should give out ${state.messages} messages, and gives out ${content.messages}`);
    const before = verification?.streams[stream];
    if (before !== undefined && before !== content.sha256) throw differs(`stream ${stream} gives out other messages than when it was verified before`);
    digests[stream] = content.sha256;
  }
  return digests;
}

async function compareConsumers(broker: Broker, { consumers }: Manifest): Promise<void> {
  const found = new Map((await consumerFloors(broker)).map(({ name, floor }) => [name, floor]));
  for (const { name, floor } of consumers) {
    if (found.get(name) !== floor) throw differs(`consumer ${name} should go on behind ${floor}, and goes on behind ${found.get(name) ?? 'nothing'}`);
  }
}

// PostgreSQL writes `(a AND b) AND c`, reads it, and writes `a AND b AND c` from then on.
const withoutBrackets = (statement: string) => statement.replaceAll(/[()\s]/g, '');

const differs = (what: string) => Fault.permanent('backup-differs', `the restored backup is not what was backed up: ${what}. Do not rely on this backup; make another one, and keep this one for whoever finds out why`);
