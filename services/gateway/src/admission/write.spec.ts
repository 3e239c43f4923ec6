import type { BatchOutcome, PublishOutcome, WireEvent } from '@granary/messaging';
import { createWriter } from './write.worker';

const event = (id: number, body = '{}'): WireEvent => ({ subject: 'in.t.task.started.v1.k', messageId: String(id), body });
const stored = (sequence: number): PublishOutcome => ({ state: 'stored', sequence, duplicate: false });

/** A stream that answers when it is told to. */
function stream({ batch = () => Promise.resolve<BatchOutcome>({ state: 'stored', first: 1 }) } = {}) {
  const asked: string[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    asked,
    open: gate.resolve,
    publisher: {
      publish: async ({ messageId }: WireEvent) => (asked.push(messageId), await gate.promise, stored(Number(messageId))),
      publishBatch: async (events: readonly WireEvent[]) => (asked.push(`batch of ${events.length}`), await gate.promise, batch()),
    },
  };
}

it('publishes a few side by side and many together, and answers each with its own place', async () => {
  const { publisher, asked, open } = stream();
  const writer = createWriter({ publisher, windowSize: 100 });
  const few = [1, 2, 3].map((id) => writer.write(event(id)));
  open();
  expect(await Promise.all(few)).toEqual([stored(1), stored(2), stored(3)]);
  const many = await Promise.all(Array.from({ length: 150 }, (_, i) => writer.write(event(i))));
  expect(many.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, i) => stored(i + 1)));
  expect(many.slice(100).every(({ state }) => state === 'stored')).toBe(true);
  expect(asked.slice(0, 4)).toEqual(['1', '2', '3', 'batch of 100']);
  expect(writer.waiting()).toBe(0);
});

it('publishes one by one what the stream refuses together, as when it knows one of the ids', async () => {
  const { publisher, asked, open } = stream({ batch: () => Promise.resolve({ state: 'refused' }) });
  const writer = createWriter({ publisher });
  open();
  const written = await Promise.all(Array.from({ length: 64 }, (_, i) => writer.write(event(i + 1))));
  expect(written).toEqual(Array.from({ length: 64 }, (_, i) => stored(i + 1)));
  expect(asked.slice(0, 2)).toEqual(['batch of 64', '1']);
});

it('says of a whole window that nobody answered, instead of waiting for each of it', async () => {
  const { publisher, asked, open } = stream({ batch: () => Promise.reject(new Error('timeout')) });
  const writer = createWriter({ publisher });
  open();
  const written = await Promise.all(Array.from({ length: 64 }, (_, i) => writer.write(event(i))));
  expect(new Set(written.map(({ state }) => state))).toEqual(new Set(['unanswered']));
  expect(asked).toEqual(['batch of 64']);
});

it.each([
  ['events', { mostEvents: 2 }],
  ['bytes', { mostBytes: 5 }],
])('tells who comes to come back when too many %s wait, and takes them again later', async (_, limits) => {
  const { publisher, open } = stream();
  const writer = createWriter({ publisher, ...limits });
  const taken = [writer.write(event(1)), writer.write(event(2))];
  expect(await writer.write(event(3))).toEqual({ state: 'busy' });
  expect(writer.waiting()).toBe(2);
  open();
  await Promise.all(taken);
  expect(await writer.write(event(3))).toEqual(stored(3));
});
