import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { partitionOf, publishSubject } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { createLogger } from '@granary/observability';
import { startTestNats, waitFor } from '@granary/testing';
import type { TestNats } from '@granary/testing';
import { Registry } from 'prom-client';
import { access, TYPE } from '../test/event-path';
import { connectBroker, createLogReader, createPublisher, provision, startRelay } from './index';
import type { Broker, Outbox, OutboxRow, WireEvent } from './index';

const log = createLogger({ service: 'test', level: 'silent' });
const event = (key: string, id: string, type: 'repository.removed.v1' | 'cycle.appeared.v1' = TYPE): WireEvent => ({ subject: publishSubject('default', type, key), messageId: `default:test:${id}`, body: JSON.stringify({ id }) });

describe('the stream', () => {
  let nats: TestNats;
  let producer: Broker;
  beforeEach(async () => {
    nats = await startTestNats({ accessDocuments: Object.values(access) });
    producer = await nats.connect('harvester');
  });
  afterEach(() => nats.stop());

  it('is provisioned again without a change, and says when a consumer cannot be changed', async () => {
    const broker = await nats.connect('provisioner');
    await provision({ broker, accessDocuments: Object.values(access), log });
    const other = { ...access.audit, consumes: [{ ...access.audit.consumes[0], ack: 'explicit' }] } as AccessDocument;
    await expect(provision({ broker, accessDocuments: [other], log })).rejects.toMatchObject({ kind: 'permanent', code: 'consumer-differs' });
  });

  it('stores an event once, whatever else a publisher does with its id', async () => {
    const publisher = createPublisher(producer.connection);
    expect(await publisher.publish(event('a', '1'))).toEqual({ state: 'stored', sequence: 1, duplicate: false });
    expect(await publisher.publish(event('a', '1'))).toEqual({ state: 'stored', sequence: 1, duplicate: true });
    expect(await publisher.publishBatch([event('a', '2'), event('b', '3')])).toEqual({ state: 'stored', first: 2 });
    expect(await publisher.publishBatch([event('a', '2'), event('b', '4')])).toEqual({ state: 'refused' });
    expect(await publisher.publishBatch([])).toEqual({ state: 'stored', first: 0 });
    expect(await publisher.publish({ ...event('a', '9'), body: 'x'.repeat(100 * 1_024) })).toMatchObject({ state: 'refused', permanent: true });
    expect(await publisher.publish(event('a', '5', 'cycle.appeared.v1'))).toMatchObject({ state: 'refused', permanent: true, reason: expect.stringContaining('does not let this service publish') });
  });

  it('is read in order by one reader, that acknowledges many at once and goes on where it stopped', async () => {
    const publisher = createPublisher(producer.connection);
    await publisher.publishBatch(Array.from({ length: 10 }, (_, i) => event(`key-${i}`, String(i))));
    const broker = await nats.connect('audit');
    const reader = createLogReader({ broker, durable: 'audit-log', log });
    await reader.open();
    const first = await reader.next(4, 1_000, 200);
    expect(first.map(({ sequence, data, subject }) => ({ sequence, body: Buffer.from(data).toString(), subject }))).toEqual(
      // Who replays has to know in which part of the stream a key is.
      [0, 1, 2, 3].map((i) => ({ sequence: i + 1, body: `{"id":"${i}"}`, subject: `ev.${partitionOf('default', `key-${i}`)}.default.repository.removed.v1` })),
    );
    expect(first[0]?.storedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    await reader.ackThrough(3);
    await expect(reader.ackThrough(99)).rejects.toThrow('was not read here');
    expect(await reader.position()).toMatchObject({ firstSequence: 1, lastSequence: 10, createdAt: expect.stringMatching(/^\d{4}-/) });
    await reader.open();
    expect((await reader.next(100, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(await reader.next(100, 20, 0)).toEqual([]);
    await reader.close();
  });

  it('is not read on when a delivery is missing', async () => {
    const publisher = createPublisher(producer.connection);
    const broker = await nats.connect('audit');
    const [reader, thief] = [1, 2].map(() => createLogReader({ broker, durable: 'audit-log', log }));
    await reader?.open();
    await thief?.open();
    const outcome = await waitFor(
      async () => {
        await publisher.publishBatch(Array.from({ length: 5 }, () => event('a', String(Math.random()))));
        return Promise.all([reader, thief].map((one) => one?.next(100, 100, 0))).then(
          () => null,
          (error: Error) => error.message,
        );
      },
      { what: 'a gap to be seen' },
    );
    expect(outcome).toMatch(/delivery \d+ was expected/);
    await Promise.all([reader?.close(), thief?.close()]);
  });

  it('refuses wrong credentials, and says when no server answers', async () => {
    const options = { url: nats.url, user: 'harvester', password: 'wrong', name: 'x', inboxPrefix: '_INBOX_x', log };
    await expect(connectBroker(options)).rejects.toMatchObject({ kind: 'permanent', code: 'broker-refused' });
    await expect(connectBroker({ ...options, url: 'nats://127.0.0.1:1', timeoutMs: 300 })).rejects.toMatchObject({ kind: 'transient', code: 'broker-unreachable' });
  });

  it('does not take a server that had no time to look at credentials for one that refused them', async () => {
    const server = createServer((socket) => {
      socket.write('INFO {"server_id":"x","version":"2.15.1","max_payload":1000,"auth_required":true}\r\n');
      socket.once('data', () => socket.end(`-ERR 'Authentication Timeout'\r\n`));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `nats://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connectBroker({ url, user: 'harvester', password: 'right', name: 'x', inboxPrefix: '_INBOX_x', log, timeoutMs: 300 })).rejects.toMatchObject({ kind: 'transient', code: 'broker-unreachable' });
    await new Promise((resolve) => server.close(resolve));
  });

  describe('behind a relay', () => {
    /** An outbox of rows, as the relay sees it. */
    function outboxOf(rows: OutboxRow[]) {
      const dead: string[] = [];
      const listeners = new Set<() => void>();
      const outbox: Outbox = {
        onCommit: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        lead: async () => ({
          lost: new AbortController().signal,
          waiting: async (limit) => rows.filter((row) => !dead.some((id) => rows.find((other) => other.id === id)?.laneKey === row.laneKey)).slice(0, limit),
          remove: async (ids) => {
            for (const id of ids) rows.splice(rows.findIndex((row) => row.id === id), 1);
          },
          markDead: async (id) => void dead.push(id),
          stats: async () => ({ waiting: rows.length, dead: dead.length, oldestAgeSeconds: 0 }),
          release: async () => undefined,
        }),
      };
      return { outbox, dead, committed: () => listeners.forEach((listener) => listener()) };
    }
    const row = (id: string, key: string, type?: 'cycle.appeared.v1'): OutboxRow => ({ id, laneKey: `default.${key}`, ...event(key, id, type) });

    it('gets what waits, and what comes later at once', async () => {
      const rows = Array.from({ length: 200 }, (_, i) => row(String(i), `k${i % 7}`));
      const { outbox, committed } = outboxOf(rows);
      const metrics = new Registry();
      const relay = startRelay({ outbox, publisher: createPublisher(producer.connection), log, metrics, pollMs: 60_000 });
      await waitFor(() => rows.length === 0, { what: 'the outbox to be empty' });
      expect(relay.leading()).toBe(true);
      rows.push(row('later', 'a'));
      committed();
      await waitFor(() => rows.length === 0, { what: 'the later one' });
      await relay.stop();
      expect(await metrics.metrics()).toContain('granary_outbox_published_total 201');
    });

    it('gets what other replicas announce, soon once they have begun', async () => {
      const rows = [row('0', 'a')];
      const { outbox } = outboxOf(rows);
      const relay = startRelay({ outbox, publisher: createPublisher(producer.connection), log, pollMs: 30_000 });
      const gone = () => waitFor(() => rows.length === 0, { what: 'the outbox to be empty', everyMs: 5 });
      await gone();
      rows.push(row('1', 'a'));
      await gone();
      const begun = performance.now();
      rows.push(row('2', 'a'));
      await gone();
      expect(performance.now() - begun).toBeLessThan(25_000);
      await relay.stop();
    });

    it('does not get what it refuses for good; only that key is held', async () => {
      const rows = [row('1', 'bad', 'cycle.appeared.v1'), row('2', 'bad'), row('3', 'good')];
      const { outbox, dead } = outboxOf(rows);
      const relay = startRelay({ outbox, publisher: createPublisher(producer.connection), log });
      await waitFor(() => dead.length === 1 && rows.length === 2, { what: 'the dead row' });
      expect({ dead, left: rows.map(({ id }) => id) }).toEqual({ dead: ['1'], left: ['1', '2'] });
      await relay.stop();
    });

    it('gets everything although some of it is there already', async () => {
      await createPublisher(producer.connection).publish(event('k1', '1'));
      const rows = Array.from({ length: 100 }, (_, i) => row(String(i), `k${i}`));
      const { outbox } = outboxOf(rows);
      const relay = startRelay({ outbox, publisher: createPublisher(producer.connection), log });
      await waitFor(() => rows.length === 0, { what: 'the outbox to be empty' });
      await relay.stop();
      const reader = createLogReader({ broker: await nats.connect('audit'), durable: 'audit-log', log });
      expect(await reader.position()).toMatchObject({ lastSequence: 100 });
    });

    it('gets what waits after the server was away', async () => {
      const rows: OutboxRow[] = [];
      const { outbox } = outboxOf(rows);
      const relay = startRelay({ outbox, publisher: createPublisher(producer.connection, 300), log, candidacyMs: 50, pollMs: 50 });
      await nats.kill();
      rows.push(row('1', 'a'), row('2', 'a'));
      await nats.restart();
      await waitFor(() => rows.length === 0, { what: 'the outbox to be empty', timeoutMs: 20_000 });
      await relay.stop();
    });
  });
});
