import { type FileHandle, open } from 'node:fs/promises';

/** The last whole lines of a file, at most so many bytes of them. Rejects when it cannot be read. */
export async function endOfFile(path: string, mostBytes: number): Promise<string[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - mostBytes);
    const lines = (await readRange(file, from, size - from)).split('\n');
    // The first one was cut.
    return (from > 0 ? lines.slice(1) : lines).filter((line) => line !== '');
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, position: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead).toString('utf8');
}
