import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExportedFile } from './exported-file';

export interface PartOptions {
  readonly folder: string;
  /** `events` makes `events-001.jsonl.gz`, `events-002.jsonl.gz`, …. */
  readonly prefix: string;
  /** What one part holds at most, uncompressed; a single line that is longer gets a part of its own. */
  readonly partBytes: number;
}

/** Writes lines into compressed parts, each on disk before the next begins. */
export interface PartWriter {
  /** One line, without its end. Resolves at once unless compressing and writing are behind. */
  write(line: Uint8Array): Promise<void> | undefined;
  /** Ends the last part. No line, no part. */
  close(): Promise<ExportedFile[]>;
  /** Lets go of what is open. What was written so far is not for use. */
  abandon(): Promise<void>;
}

/** Parts of 100 MB. */
export const PART_BYTES = 100_000_000;

// Blocks are compressed beside each other on other threads. Each is a gzip member of its own; a file of several is a gzip
// file like any other (RFC 1952, 2.2), and 1 MiB loses nothing worth naming to the missing context.
const BLOCK_BYTES = 1024 * 1024;
const BLOCKS_AT_ONCE = 4;
// Level 6 makes files of events a tenth smaller and takes twice as long.
const LEVEL = 4;
const NEWLINE = 10;

const compress = promisify<Uint8Array, { level: number }, Buffer>(gzip);

export function createPartWriter({ folder, prefix, partBytes }: PartOptions): PartWriter {
  const done: ExportedFile[] = [];
  let part: Part | null = null;

  const end = async (): Promise<void> => {
    if (part === null) return;
    const ending = part;
    part = null;
    done.push(await ending.close());
  };
  const writeToNew = async (line: Uint8Array): Promise<void> => {
    await end();
    part = await openPart(folder, `${prefix}-${String(done.length + 1).padStart(3, '0')}.jsonl.gz`);
    await part.write(line);
  };
  return {
    write(line) {
      return part === null || part.size() + line.length + 1 > partBytes ? writeToNew(line) : part.write(line);
    },
    async close() {
      await end();
      return done;
    },
    async abandon() {
      await part?.abandon();
      part = null;
    },
  };
}

interface Part {
  /** Uncompressed bytes so far. */
  size(): number;
  write(line: Uint8Array): Promise<void> | undefined;
  close(): Promise<ExportedFile>;
  abandon(): Promise<void>;
}

async function openPart(folder: string, name: string): Promise<Part> {
  const handle = await open(join(folder, name), 'wx');
  const sink = createSink(handle);
  let block = Buffer.allocUnsafe(BLOCK_BYTES);
  let used = 0;
  let size = 0;
  let records = 0;

  const flush = (): Promise<void> | undefined => {
    if (used === 0) return undefined;
    const full = block.subarray(0, used);
    block = Buffer.allocUnsafe(BLOCK_BYTES);
    used = 0;
    return sink.add(full);
  };
  const put = (line: Uint8Array): void => {
    block.set(line, used);
    block[used + line.length] = NEWLINE;
    used += line.length + 1;
    size += line.length + 1;
    records += 1;
  };
  return {
    size: () => size,
    write(line) {
      if (line.length + 1 > BLOCK_BYTES) throw new RangeError(`a line of ${line.length} bytes is longer than any event can be`);
      const waiting = used + line.length + 1 > BLOCK_BYTES ? flush() : undefined;
      put(line);
      return waiting;
    },
    async close() {
      await flush();
      const written = await sink.end();
      return { name, records, ...written };
    },
    abandon: () => sink.abandon(),
  };
}

/** Compresses several blocks at a time and writes them in their order. */
function createSink(handle: FileHandle) {
  const digest = createHash('sha256');
  const underWay: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();
  let bytes = 0;

  return {
    async add(block: Uint8Array): Promise<void> {
      const compressed = compress(block, { level: LEVEL });
      const before = last;
      last = Promise.all([compressed, before]).then(async ([packed]) => {
        digest.update(packed);
        bytes += packed.length;
        await handle.writeFile(packed);
      });
      // Whoever waits for it hears of a failure; nobody may have begun to wait yet.
      last.catch(() => undefined);
      underWay.push(last);
      if (underWay.length >= BLOCKS_AT_ONCE) await underWay.shift();
    },
    async end(): Promise<{ bytes: number; sha256: string }> {
      try {
        await last;
        await handle.sync();
      } finally {
        await handle.close();
      }
      return { bytes, sha256: digest.digest('hex') };
    },
    async abandon(): Promise<void> {
      await last.catch(() => undefined);
      await handle.close();
    },
  };
}
