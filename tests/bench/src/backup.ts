// Backups in figures: a gigabyte of rows and messages on embedded servers that wait for the disk, as the platform starts them.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createBackup, listBackups, restoreBackup, verifyBackup } from '@granary/backup';
import { accessDocuments, inboxPrefix, publishSubject } from '@granary/contracts';
import { startEmbedded } from '@granary/embedded';
import type { Embedded } from '@granary/embedded';
import { connectBroker, createPublisher, MAX_BATCH, provision } from '@granary/messaging';
import type { Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { quantile } from './figures.ts';

const log = createLogger({ service: 'bench', level: 'silent' });
const SERVICES = ['audit', 'cache-janitor', 'harvester'];
/** Bytes of a row or a message, about. */
const BODY_BYTES = 750;

/** Time and memory of a backup, of its proof and of a restore, and how long announcements had to wait. */
export async function benchBackup(quick: boolean): Promise<Record<string, unknown>> {
  const [rows, messages] = quick ? [20_000, 20_000] : [700_000, 450_000];
  const place = mkdtempSync(join(tmpdir(), 'granary-bench-'));
  const embedded = await startEmbedded({ dataDir: join(place, 'data'), env: process.env, services: SERVICES, log });
  const brokers: Broker[] = [];
  const connect = async (identity: string) => {
    const broker = await connectBroker({ url: embedded.nats.url, ...embedded.nats.credentials(identity), name: identity, inboxPrefix: inboxPrefix(identity), log });
    brokers.push(broker);
    return broker;
  };
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    for (const broker of brokers) await broker.close();
    await embedded.stop();
  };
  try {
    await provision({ broker: await connect('provisioner'), accessDocuments: Object.values(accessDocuments), log });
    const database = await fillRows(embedded, rows);
    await fillStream(await connect('harvester'), messages);
    const janitor = await connect('cache-janitor');
    const root = join(place, 'backups');

    const waits = watchAnnouncements(database);
    const created = await measured(() => createBackup({ root, databaseUrl: embedded.postgres.readerUrl ?? '', schemas: SERVICES.map((name) => name.replaceAll('-', '_')), broker: janitor, streams: ['KV_gateway-answers'], granary: 'bench', now: () => new Date() }));
    const waited = await waits.end();
    await database.close();
    await stop();

    const backup = (await listBackups(root)).backups[0];
    if (!backup) throw new Error('there is no backup');
    const verified = await measured(() => verifyBackup(backup, { scratch: join(place, 'scratch'), env: process.env, log, now: () => new Date() }));
    const restored = await measured(() => restoreBackup(backup, { dataDir: join(place, 'restored'), services: SERVICES, keys: null, env: process.env, log }));

    const tables = backup.manifest.postgres.schemas.flatMap((schema) => schema.tables);
    const stream = Number(backup.manifest.streams[0]?.record.state['bytes'] ?? 0);
    const bytes = tables.reduce((sum, table) => sum + table.bytes, 0) + stream;
    const rate = (seconds: number) => Math.round(bytes / 1e6 / seconds);
    return {
      'rows': backup.manifest.rows,
      'messages': messages,
      'MB of rows and messages': Math.round(bytes / 1e6),
      'MB of the backup': Math.round(backup.manifest.bytes / 1e6),
      'create s': created.seconds,
      'create MB/s': rate(created.seconds),
      'create MB of memory more': created.memory,
      'announcement during the backup, p50 ms': quantile(waited, 0.5),
      'announcement during the backup, longest ms': Math.max(...waited),
      'verify s': verified.seconds,
      'verify MB of memory more': verified.memory,
      'restore s': restored.seconds,
      'restore MB/s': rate(restored.seconds),
      'restore MB of memory more': restored.memory,
    };
  } finally {
    await stop();
    rmSync(place, { recursive: true, force: true });
  }
}

/** Rows like those of the event log, with its indexes. */
async function fillRows(embedded: Embedded, rows: number): Promise<Database> {
  const database = await openDatabase({ url: embedded.postgres.urlFor('audit'), schema: 'audit', applicationName: 'bench', limits: { statementMs: 0 }, log });
  await database.dataSource.query('create table event_log (epoch integer, sequence bigint, stored_at timestamptz, tenant text, type text, key text, event_id uuid, body text, primary key (epoch, sequence))');
  await database.dataSource.query(`create index on event_log (tenant, type, epoch, sequence)`);
  await database.dataSource.query(`create index on event_log (event_id)`);
  for (let first = 0; first < rows; first += 50_000) {
    // Half of a body is of a kind that does not compress, as ids and digests are.
    await database.dataSource.query(
      `insert into event_log select 1, n, now(), 'default', 'harvest.completed.v1', 'key-' || n % 1000, gen_random_uuid(),
         (select string_agg(md5(n::text || m), '') from generate_series(1, 11) m) || repeat('{"path":"src/index.ts","kind":"module"}', 10)
       from generate_series($1::bigint, $2::bigint) n`,
      [first + 1, Math.min(rows, first + 50_000)],
    );
  }
  return database;
}

async function fillStream(broker: Broker, messages: number): Promise<void> {
  const publisher = createPublisher(broker.connection);
  for (let first = 0; first < messages; first += MAX_BATCH) {
    const batch = Array.from({ length: Math.min(MAX_BATCH, messages - first) }, (_, i) => ({
      subject: publishSubject('default', 'repository.removed.v1', `key-${(first + i) % 1_000}`),
      messageId: `default:bench:${first + i}`,
      body: JSON.stringify({ id: randomUUID(), digest: randomBytes(BODY_BYTES / 4).toString('hex'), path: 'src/index.ts'.repeat(20) }),
    }));
    if ((await publisher.publishBatch(batch)).state === 'refused') throw new Error('a batch was refused');
  }
}

/** Writes into an outbox again and again, and says in milliseconds how long each write took. */
function watchAnnouncements(database: Database): { end(): Promise<number[]> } {
  const took: number[] = [];
  let ended = false;
  const running = (async () => {
    for (let i = 0; !ended; i += 1) {
      const begun = performance.now();
      await database.across.rows.query(`insert into outbox (message_id, lane_key, subject, body) values ($1, 'default.bench', 's', '{}')`, [`bench-${i}`]);
      took.push(Math.round((performance.now() - begun) * 10) / 10);
      await delay(5);
    }
  })();
  return {
    async end() {
      ended = true;
      await running;
      return took;
    },
  };
}

/** Seconds, and megabytes that the process grew by at most meanwhile. */
async function measured(work: () => Promise<unknown>): Promise<{ seconds: number; memory: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const begun = performance.now();
  try {
    await work();
  } finally {
    clearInterval(looking);
  }
  return { seconds: Math.round((performance.now() - begun) / 100) / 10, memory: Math.round((most - before) / 1e6) };
}
