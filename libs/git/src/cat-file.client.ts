import { spawn } from 'node:child_process';

/** One long-lived `git cat-file --batch` of a bare repository. */
export interface CatFile {
  /** Contents of blobs in the order asked for; null for an object that is not there. Throws when git ends. */
  read(blobs: readonly string[]): AsyncGenerator<Buffer | null>;
  close(): void;
}

export function openCatFile(gitDir: string, env: Record<string, string | undefined>): CatFile {
  // In its own process group, so that Ctrl-C in a terminal does not end it in the middle of a blob; it ends with its input.
  const child = spawn('git', [`--git-dir=${gitDir}`, 'cat-file', '--batch'], { cwd: '/', env, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  let failure: Error | null = null;
  child.on('error', (error) => (failure = error));
  // Writing to a git that has ended; reading reports it.
  child.stdin.on('error', () => undefined);
  const output = reader(child.stdout as AsyncIterable<Buffer>);
  return {
    async *read(blobs) {
      child.stdin.write(`${blobs.join('\n')}\n`);
      for (let left = blobs.length; left > 0; left -= 1) {
        const header = await output.line();
        if (header === null) throw failure ?? new Error('git cat-file ended too early');
        const size = / blob (\d+)$/.exec(header)?.[1];
        if (size === undefined && !header.endsWith(' missing')) throw new Error(`git cat-file answered '${header.slice(0, 100)}'`);
        yield size === undefined ? null : await output.bytes(Number(size));
      }
    },
    close: () => child.kill('SIGKILL'),
  };
}

interface Reader {
  /** The next line without its end; null at the end. */
  line(): Promise<string | null>;
  /** The next `size` bytes; one byte after them is skipped. */
  bytes(size: number): Promise<Buffer>;
}

function reader(source: AsyncIterable<Buffer>): Reader {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<Buffer | null> => {
    const next = await chunks.next();
    return next.done ? null : next.value;
  };
  return {
    async line() {
      for (let end = held.indexOf(10); ; end = held.indexOf(10)) {
        if (end !== -1) {
          const line = held.toString('latin1', 0, end);
          held = held.subarray(end + 1);
          return line;
        }
        const chunk = await more();
        if (!chunk) return null;
        held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      }
    },
    async bytes(size) {
      const parts = [held];
      let have = held.length;
      while (have < size + 1) {
        const chunk = await more();
        if (!chunk) throw new Error('git cat-file ended inside a blob');
        parts.push(chunk);
        have += chunk.length;
      }
      const all = parts.length === 1 ? held : Buffer.concat(parts, have);
      held = all.subarray(size + 1);
      return all.subarray(0, size);
    },
  };
}
