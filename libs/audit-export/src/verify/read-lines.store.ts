import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ExportedFile } from '../exported-file';

const BLOCK_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** What was read of a file, told at its end. */
export interface ReadFile {
  readonly lines: number;
  /** Whether it could be read to its end. */
  readonly whole: boolean;
  /** What is wrong with the file as such; null when it is as its manifest says. */
  readonly trouble: string | null;
}

/**
 * The lines of a compressed file, a block of them at a time, and at the end what is wrong with the file. What can be read of
 * a damaged one is given before.
 */
export async function* readLines(folder: string, file: ExportedFile): AsyncGenerator<Buffer[], ReadFile> {
  const digest = createHash('sha256');
  const raw = createReadStream(join(folder, file.name), { highWaterMark: BLOCK_BYTES });
  raw.on('data', (chunk) => digest.update(chunk));
  const content = raw.pipe(createGunzip({ chunkSize: BLOCK_BYTES }));
  raw.on('error', (error) => content.destroy(error));
  let lines = 0;
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      const cut = cutLines(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]));
      rest = cut.rest;
      lines += cut.lines.length;
      if (cut.lines.length > 0) yield cut.lines;
    }
  } catch (error) {
    return { lines, whole: false, trouble: `it cannot be read beyond line ${lines}: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    raw.destroy();
  }
  if (rest.length > 0) return { lines, whole: true, trouble: 'its last line has no end' };
  if (digest.digest('hex') !== file.sha256) return { lines, whole: true, trouble: 'its bytes are not those that its manifest names (sha256)' };
  return { lines, whole: true, trouble: lines === file.records ? null : `it has ${lines} lines, and its manifest says ${file.records}` };
}

function cutLines(block: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = block.indexOf(NEWLINE); end !== -1; end = block.indexOf(NEWLINE, from)) {
    lines.push(block.subarray(from, end));
    from = end + 1;
  }
  return { lines, rest: block.subarray(from) };
}
