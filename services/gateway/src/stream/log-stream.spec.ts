import type { LogPosition } from '@granary/contracts';
import { LogStream } from './log-stream.worker';
import { Window, type Framed } from './window';

const at = (sequence: number): LogPosition => ({ epoch: 1, sequence });
const KILOBYTE = 1_024;
const entry = (sequence: number): Framed => ({ position: at(sequence), tenant: 'acme', type: 'a.b.v1', key: 'k', correlationId: null, frame: Buffer.alloc(30 * KILOBYTE) });

/** A client that takes so many writes, and then none until it has drained. */
function client(takes: number) {
  const writes: number[] = [];
  let drained: () => void = () => undefined;
  return {
    writes,
    connection: {
      open: true,
      send: (frames: string | readonly Buffer[]) => writes.push(frames.length) < takes,
      onDrain: (listener: () => void) => void (drained = listener),
    },
    drain(more: number) {
      takes = writes.length + more;
      drained();
    },
  };
}

it('writes a bounded piece at a time, and none to a client that is full, however much the log grows', () => {
  const window = new Window(at(0), { entries: 1_000, bytes: 1_000 * KILOBYTE });
  const { connection, writes, drain } = client(2);
  const stream = new LogStream(at(0), { connection, window, filter: { tenant: 'acme', repositories: 'all' }, readBacklog: () => Promise.reject(new Error('not needed')), fail: () => undefined, sent: () => undefined });
  const grow = (first: number, last: number) => {
    window.append(Array.from({ length: last - first + 1 }, (_, i) => entry(first + i)));
    stream.pump();
  };

  grow(1, 10);
  grow(11, 20);
  expect([writes, stream.position]).toEqual([[3, 3], at(6)]);
  drain(1);
  expect([writes, stream.position]).toEqual([[3, 3, 3], at(9)]);
  drain(10);
  expect([writes, stream.position]).toEqual([[3, 3, 3, 3, 3, 3, 2], at(20)]);
});
