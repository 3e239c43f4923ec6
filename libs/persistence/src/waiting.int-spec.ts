import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createLogger } from '@granary/observability';
import { freshDatabase, waitFor } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openDatabase } from './database.client';
import type { Database, DatabaseOptions } from './database.client';

const log = createLogger({ service: 'test', level: 'silent' });
const CAUSE = { tenant: 'default', correlationId: '01936c5e-7a10-7000-8000-0000000000c0' };

describe('a service does not wait for ever', () => {
  let fresh: FreshDatabase;
  const opened: Database[] = [];
  const open = async (options: Partial<DatabaseOptions>) => {
    const database = await openDatabase({ url: fresh.url, schema: 'harvester', applicationName: 'harvester', log, ...options });
    opened.push(database);
    return database;
  };
  beforeAll(async () => {
    fresh = await freshDatabase('harvester');
  });
  afterEach(() => Promise.all(opened.splice(0).map((database) => database.close())));
  afterAll(() => fresh.drop());

  it('for a statement', async () => {
    const database = await open({ limits: { statementMs: 50 } });
    await expect(database.transact(CAUSE, ({ manager }) => manager.query('select pg_sleep(10)'))).rejects.toMatchObject({ code: '57014' });
    expect(await database.dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('for a lock', async () => {
    const database = await open({ limits: { lockMs: 50 } });
    await database.transact(CAUSE, async ({ manager }) => {
      await manager.query('lock table outbox');
      await expect(database.across.rows.query('select 1 from outbox')).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('with a transaction of its own open', async () => {
    const database = await open({ limits: { idleInTransactionMs: 50 } });
    const hanging = database.transact(CAUSE, async ({ manager }) => {
      await manager.query('select 1');
      await waitFor(async () => (await database.dataSource.query<unknown[]>(`select 1 from pg_stat_activity where state like 'idle in transaction%' and usename = current_user`)).length === 0, { what: 'the transaction to be ended' });
      await manager.query('select 1');
    });
    await expect(hanging).rejects.toThrow();
    expect(await database.dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('for a server that is frozen', async () => {
    const server = await freezable(new URL(fresh.url));
    const database = await open({ url: server.url, limits: { statementMs: 100 } });
    const leadership = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    server.freeze();
    const begun = performance.now();
    const settled = await Promise.allSettled([database.transact(CAUSE, ({ manager }) => manager.query('select 1')), leadership.waiting(1)]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await waitFor(() => leadership.lost.aborted, { what: 'the leadership to be lost' });
    server.thaw();
    await waitFor(() => database.dataSource.query('select 1 as one').catch(() => null), { what: 'a new connection' });
    await leadership.release();
    await database.close();
    opened.pop();
    await server.close();
  });

  it('by what its address says, and yet lets migrations take their time', async () => {
    const url = new URL(fresh.url);
    url.searchParams.set('statement_timeout', '100');
    const database = await open({ url: url.href, migrations: [Slow1800000000000] });
    await expect(database.dataSource.query('select pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
  });
});

class Slow1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('select pg_sleep(0.3)');
  }
  async down(): Promise<void> {
    // It changed nothing.
  }
}

/** A way to the server on which everything can stand still, as when the server is frozen. */
async function freezable(target: URL) {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
      if (frozen) from.unpipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.unpipe();
    },
    thaw() {
      frozen = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
