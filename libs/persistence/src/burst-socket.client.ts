import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/** More than this goes out before the turn is over. */
const BURST_BYTES = 64 * 1_024;

/**
 * A socket that sends what is written in one turn of the event loop in one piece. Statements that go out side by side
 * then cost one system call instead of one each, and PostgreSQL wakes once.
 */
export function burstSocket(): Socket {
  const socket = new Socket();
  // Not before: connecting puts the class's own `write` back in its place.
  socket.once('connect', () => collectWrites(socket));
  return socket;
}

function collectWrites(socket: Socket): void {
  const write = socket.write.bind(socket);
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const send = () => {
    if (bytes === 0) return;
    const [first] = pieces;
    const burst = pieces.length === 1 && first ? first : Buffer.concat(pieces, bytes);
    pieces = [];
    bytes = 0;
    if (socket.writable) write(burst);
  };
  socket.write = (data: Uint8Array | string, encoding?: BufferEncoding | Written, written?: Written) => {
    if (typeof data === 'string' || encoding !== undefined) {
      send();
      return typeof encoding === 'string' ? write(data, encoding, written) : write(data, encoding);
    }
    // Ticks follow the microtasks, in which statements are prepared.
    if (bytes === 0) process.nextTick(send);
    pieces.push(data);
    bytes += data.length;
    if (bytes > BURST_BYTES) send();
    return true;
  };
}
