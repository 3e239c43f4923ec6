import { publishSubject } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { createLogger } from '@granary/observability';
import { startTestNats } from '@granary/testing';
import type { TestNats } from '@granary/testing';
import { access, TYPE } from '../test/event-path';
import { consumerFloors, createLogReader, createPublisher, openSnapshot, provision, readContent, restoreConsumers, restoreStream, storedIds } from './index';
import type { Broker, WireEvent } from './index';

const log = createLogger({ service: 'test', level: 'silent' });
const accessDocuments = Object.values(access) as AccessDocument[];
const event = (id: number): WireEvent => ({ subject: publishSubject('default', TYPE, 'a'), messageId: `m${id}`, body: JSON.stringify({ id, filler: 'x'.repeat(3_000) }) });

let nats: TestNats;
let other: TestNats;
let broker: Broker;
let admin: Broker;
beforeAll(async () => {
  [nats, other] = await Promise.all([startTestNats({ accessDocuments }), startTestNats({ provisioned: false })]);
  [broker, admin] = [await nats.connect('admin'), await other.connect('admin')];
});
afterAll(async () => {
  await Promise.all([nats.stop(), other.stop()]);
});

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return Buffer.concat(parts);
}

async function* of(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

it('takes a stream as it is at one moment and makes it anew elsewhere, with consumers that go on where they were', async () => {
  const publisher = createPublisher(broker.connection);
  for (let first = 0; first < 1_000; first += 500) await publisher.publishBatch(Array.from({ length: 500 }, (_, i) => event(first + i)));
  const reader = createLogReader({ broker, durable: 'audit-log', log });
  await reader.open();
  const some = await reader.next(40, 2_000, 500);
  await reader.ackThrough(some.at(-1)?.sequence ?? 0);
  await reader.close();

  const snapshot = await openSnapshot(broker, 'EVENTS');
  await publisher.publishBatch([event(5_000), event(5_001)]);
  const floors = await consumerFloors(broker);
  const bytes = await read(snapshot.chunks());
  expect(snapshot.record.state).toMatchObject({ messages: 1_000, first_seq: 1, last_seq: 1_000 });
  expect(floors.find(({ name }) => name === 'audit-log')).toMatchObject({ floor: some.length });

  await restoreStream(admin, snapshot.record, of(bytes.subarray(0, 200_000), bytes.subarray(200_000)));
  await restoreConsumers(admin, floors);
  const before = await readContent(admin, 'EVENTS');
  expect(before.messages).toBe(1_000);
  await provision({ broker: admin, accessDocuments, log });
  expect(await readContent(admin, 'EVENTS')).toEqual(before);

  const since = new Date(Date.now() - 60_000);
  expect(await storedIds(admin, 'EVENTS', since, new Set(['m7', 'm999', 'm5000']))).toEqual(new Set(['m7', 'm999']));
  expect(await storedIds(admin, 'EVENTS', new Date(Date.now() + 60_000), new Set(['m7']))).toEqual(new Set());
  const again = createLogReader({ broker: admin, durable: 'audit-log', log });
  expect(await again.position()).toMatchObject({ firstSequence: 1, lastSequence: 1_000, restoredFrom: snapshot.record.createdAt });
  await again.open();
  expect((await again.next(1, 2_000, 0)).map(({ sequence }) => sequence)).toEqual([some.length + 1]);
  await again.close();

  await expect(restoreStream(admin, snapshot.record, of(bytes))).rejects.toMatchObject({ kind: 'permanent', code: 'stream-exists' });
  expect((await admin.connection.request('$JS.API.STREAM.DELETE.EVENTS', '')).json()).toMatchObject({ success: true });
  await expect(restoreStream(admin, snapshot.record, of(bytes.subarray(0, bytes.length / 2)))).rejects.toMatchObject({ kind: 'permanent', code: 'snapshot-refused' });
  await restoreStream(admin, snapshot.record, of(bytes));
  expect(await readContent(admin, 'EVENTS')).toEqual(before);
});

it('says what there is no snapshot of, and gives up one whose connection is lost', async () => {
  await expect(openSnapshot(broker, 'NOTHING')).rejects.toMatchObject({ kind: 'permanent', code: 'stream-not-found' });
  let reconnected = () => undefined as void;
  const snapshot = await openSnapshot({ ...broker, onReconnect: (listener) => ((reconnected = listener), () => undefined) }, 'EVENTS');
  reconnected();
  await expect(read(snapshot.chunks())).rejects.toMatchObject({ kind: 'transient', code: 'snapshot-broken' });
});
