// The event log in figures: the audit service as the platform starts it, a process of its own, beside real servers.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { accessDocuments } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { createPublisher, MAX_BATCH } from '@granary/messaging';
import type { WireEvent } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { access, PRODUCER } from '../../support/access.ts';
import { startServers } from '../../support/servers.ts';
import type { Servers } from '../../support/servers.ts';
import { median, perSecond, repeat } from './figures.ts';

const MAIN = fileURLToPath(new URL('../../../services/audit/dist/main.js', import.meta.url));
const LOOK_MS = 20;
const PATIENCE_MS = 600_000;

export interface LogWriterOptions {
  syncAlways: boolean;
  runs: number;
  /** Events of one run. */
  events: number;
  /** A distinct event; made before the clock starts. */
  event(i: number): WireEvent;
}

/**
 * Rows a second that reach the event log, committed and in its indexes: from a backlog, counted from the first rows that
 * show; and while events are published as fast as one publisher can, counted until it ends.
 */
export async function benchLogWriter({ syncAlways, runs, events, event }: LogWriterOptions): Promise<Record<string, unknown>> {
  const servers = await startServers({ access: { ...access, audit: accessDocuments['audit'] as AccessDocument }, syncAlways });
  try {
    const bench = await openBench(servers, event);
    const backlog = await repeat(runs, () => bench.backlog(events));
    const published: number[] = [];
    const writing = await repeat(runs, async () => {
      const run = await bench.publishing(events);
      published.push(run.published);
      return run.logged;
    });
    await bench.close();
    return {
      'log writer from a backlog /s': backlog,
      'log writer while publishing /s': writing,
      'published meanwhile /s (median)': Math.round(median(published)),
    };
  } finally {
    await servers.stop();
  }
}

async function openBench(servers: Servers, event: (i: number) => WireEvent) {
  const producer = await servers.connect(PRODUCER);
  const publisher = createPublisher(producer.connection);
  const database = await servers.open('audit', { applicationName: 'bench' });
  const service = auditService(servers);

  const batchesOf = (total: number): WireEvent[][] => {
    const all = Array.from({ length: total }, (_, i) => event(i));
    return Array.from({ length: Math.ceil(total / MAX_BATCH) }, (_, batch) => all.slice(batch * MAX_BATCH, (batch + 1) * MAX_BATCH));
  };
  const publish = async (batches: WireEvent[][]) => {
    for (const batch of batches) if ((await publisher.publishBatch(batch)).state === 'refused') throw new Error('a batch was refused');
  };
  /** The log announces its opening: that is its first row, and everything is in place then. */
  await service.start();
  await until(async () => (await lastRow(database).catch(() => 0)) > 0, service);

  return {
    async backlog(total: number): Promise<number> {
      await service.stop();
      await publish(batchesOf(total));
      const before = await lastRow(database);
      await service.start();
      const first = await until(async () => above(await lastRow(database), before), service);
      const begun = performance.now();
      await until(async () => (await lastRow(database)) === before + total, service);
      return perSecond(before + total - first, begun);
    },
    async publishing(total: number): Promise<{ logged: number; published: number }> {
      const batches = batchesOf(total);
      const before = await lastRow(database);
      const begun = performance.now();
      await publish(batches);
      const published = perSecond(total, begun);
      const logged = perSecond((await lastRow(database)) - before, begun);
      await until(async () => (await lastRow(database)) === before + total, service);
      return { logged, published };
    },
    async close() {
      await service.stop();
      await Promise.all([database.close(), producer.close()]);
    },
  };
}

/** The service, as a process of its own. */
export function auditService({ natsUrl, password, databaseUrl, folder }: Servers) {
  let child: ChildProcess | null = null;
  return {
    isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
    async start() {
      const env = {
        ...process.env,
        GRANARY_NATS_URL: natsUrl,
        GRANARY_NATS_USER: 'audit',
        GRANARY_NATS_PASSWORD: password,
        GRANARY_DATABASE_URL: databaseUrl('audit'),
        GRANARY_HTTP_HOST: '127.0.0.1',
        GRANARY_HTTP_PORT: '0',
        GRANARY_LOG_LEVEL: 'error',
        GRANARY_DATA: folder,
      };
      child = spawn(process.execPath, [MAIN], { env, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
      await once(child, 'spawn');
    },
    async stop() {
      if (!this.isRunning()) return;
      child?.kill('SIGTERM');
      await once(child as ChildProcess, 'exit');
    },
  };
}

/** Sequence of the newest row; the stream of a run is new, so its log has one epoch. */
export async function lastRow({ across }: Database): Promise<number> {
  const [row] = await across.rows.query<{ sequence: string }[]>('select sequence from event_log where epoch = 1 order by sequence desc limit 1');
  return Number(row?.sequence ?? 0);
}

const above = (value: number, bound: number): number => (value > bound ? value : 0);

/** Looks until there is something to see, and answers it. */
export async function until<T>(look: () => Promise<T>, service: { isRunning(): boolean }): Promise<T> {
  const patience = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (!service.isRunning()) throw new Error('the audit service ended');
    if (performance.now() > patience) throw new Error(`the log writer did not come to an end within ${PATIENCE_MS / 1_000} s`);
    await delay(LOOK_MS);
  }
}
