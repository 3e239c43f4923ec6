import { setTimeout as delay } from 'node:timers/promises';
import { publishSubject, STREAM } from '@granary/contracts';
import { createLogger } from '@granary/observability';
import { startTestNats, waitFor } from '@granary/testing';
import type { TestNats } from '@granary/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamManager } from '@nats-io/jetstream';
import { access, TYPE } from '../test/event-path';
import { createLogReader } from './index';
import type { Broker, LogReader, LogReaderOptions } from './index';

const log = createLogger({ service: 'test', level: 'silent' });
const SECOND = 1_000_000_000;

describe('a log reader', () => {
  let nats: TestNats;
  let admin: JetStreamManager;
  let reader: LogReader;
  beforeEach(async () => {
    nats = await startTestNats({ accessDocuments: Object.values(access) });
    admin = await jetstreamManager((await nats.connect('admin')).connection);
  });
  afterEach(async () => {
    await reader.close();
    await nats.stop();
  });

  const read = async (options: Partial<LogReaderOptions> = {}) => (reader = createLogReader({ broker: await nats.connect('audit'), durable: 'audit-log', log, ...options }));
  const publish = async (count: number, body: string | Uint8Array = '{}') => {
    const { connection } = await nats.connect('harvester');
    for (let i = 0; i < count; i += 1) await connection.request(publishSubject('default', TYPE, `key-${i}`), body);
  };
  const state = () => admin.consumers.info(STREAM, 'audit-log');

  it('gives the bytes that were published, also when they are no text', async () => {
    const bytes = Uint8Array.from([0x7b, 0xff, 0x00, 0xc3, 0x28, 0x7d]);
    await publish(1, bytes);
    await read();
    await reader.open();
    const [message] = await reader.next(1, 1_000, 0);
    expect([...(message?.data ?? [])]).toEqual([...bytes]);
  });

  it('gives a message once, however often it is delivered, and settles what it had acknowledged', async () => {
    await admin.consumers.update(STREAM, 'audit-log', { ack_wait: SECOND });
    await publish(5);
    await read();
    await reader.open();
    expect((await reader.next(3, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    await waitFor(async () => (await state()).num_redelivered > 0, { what: 'a redelivery' });
    expect((await reader.next(10, 1_000, 300)).map(({ sequence }) => sequence)).toEqual([4, 5]);
    expect(await reader.next(10, 100, 0)).toEqual([]);
    await reader.ackThrough(5);
    await publish(1);
    expect((await reader.next(10, 1_000, 0)).map(({ sequence }) => sequence)).toEqual([6]);
    await reader.ackThrough(6);
    await waitFor(async () => (await state()).num_ack_pending === 0, { what: 'everything to be settled' });
  });

  it('acknowledges again what is delivered again after its acknowledgement got lost', async () => {
    await admin.consumers.update(STREAM, 'audit-log', { ack_wait: SECOND });
    await publish(2);
    const broker = await nats.connect('audit');
    const lost = loseFirstAck(broker);
    await read({ broker });
    await reader.open();
    await reader.next(2, 1_000, 200);
    await reader.ackThrough(2);
    expect(lost()).toBe(1);
    await waitFor(async () => (await state()).num_ack_pending === 0, { what: 'the acknowledgement after all' });
    expect(await reader.next(2, 0, 0)).toEqual([]);
  });

  it('keeps no more bytes in memory than it may, and still gives everything', async () => {
    const body = `{"filler":"${'x'.repeat(60_000)}"}`;
    await publish(60, body);
    await read({ bufferBytes: 1_024 ** 2 });
    await reader.open();
    await reader.next(1, 1_000, 0);
    await delay(500);
    expect((await state()).num_ack_pending * body.length).toBeLessThanOrEqual(1_024 ** 2 + body.length);
    const sequences: number[] = [];
    while (sequences.length < 59) for (const { sequence } of await reader.next(7, 1_000, 0)) sequences.push(sequence);
    expect(sequences).toEqual(Array.from({ length: 59 }, (_, i) => i + 2));
  });

  it('begins where it is told to, behind and before what was acknowledged', async () => {
    await publish(6);
    await read();
    await reader.open();
    await reader.next(6, 1_000, 200);
    await reader.ackThrough(4);
    await reader.open(3);
    expect((await reader.next(10, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([3, 4, 5, 6]);
    await reader.open(6);
    expect((await reader.next(10, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([6]);
    await reader.open();
    expect((await reader.next(10, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([6]);
    await expect(createLogReader({ broker: await nats.connect('audit'), durable: 'unknown', log }).open()).rejects.toThrow();
  });

  it('says that it was interrupted after the connection was lost, gives what it had, and goes on when opened again', async () => {
    await publish(3);
    await read();
    await reader.open();
    expect(await reader.next(1, 1_000, 100)).toHaveLength(1);
    await nats.kill();
    await nats.restart();
    await waitFor(async () => (await reader.next(10, 200, 0).then(() => null, (error: Error) => error.message)), { what: 'the interruption' });
    await reader.open();
    expect((await reader.next(10, 1_000, 200)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});

/** Swallows the first acknowledgement on its way to the server, and answers how many were swallowed. */
function loseFirstAck({ connection }: Broker): () => number {
  const { protocol } = connection as unknown as { protocol: { publish(subject: string, ...rest: unknown[]): void } };
  const publish = protocol.publish.bind(protocol);
  let lost = 0;
  protocol.publish = (subject, ...rest) => {
    if (subject.startsWith('$JS.ACK.') && lost === 0) lost += 1;
    else publish(subject, ...rest);
  };
  return () => lost;
}
