import { spawn } from 'node:child_process';

/** One long-lived `git cat-file --batch` of a bare repository. What is asked for is read to its end before the next is asked. */
export interface CatFile {
  /** Contents of blobs and commits in the order asked for; null for an object that is not there. Throws when git ends. */
  read(objects: readonly string[]): AsyncGenerator<Buffer | null>;
  /** The same for many: git reads on while the contents that it has sent are used. Throws what `use` throws. */
  each(objects: readonly string[], use: (content: Buffer | null, place: number) => void): Promise<void>;
  close(): void;
}

export function openCatFile(gitDir: string, env: Readonly<Record<string, string | undefined>>): CatFile {
  // In its own process group, so that Ctrl-C in a terminal does not end it in the middle of a blob; it ends with its input.
  const child = spawn('git', [`--git-dir=${gitDir}`, 'cat-file', '--batch'], { cwd: '/', env, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  let failure: Error | null = null;
  child.on('error', (error) => (failure = error));
  // Writing to a git that has ended; reading reports it.
  child.stdin.on('error', () => undefined);
  const output = reader(child.stdout as AsyncIterable<Buffer>, () => failure);
  const ask = (objects: readonly string[]): void => void (objects.length > 0 && child.stdin.write(`${objects.join('\n')}\n`));
  return {
    async *read(objects) {
      ask(objects);
      for (let left = objects.length; left > 0; left -= 1) yield output.next();
    },
    async each(objects, use) {
      ask(objects);
      for (let place = 0; place < objects.length; place += 1) {
        const here = output.take();
        use(here === undefined ? await output.next() : here, place);
      }
    },
    close: () => child.kill('SIGKILL'),
  };
}

interface Reader {
  /** The next object as far as it is here as a whole, else undefined; null when git does not have it. */
  take(): Buffer | null | undefined;
  /** The next object, as soon as it is here. */
  next(): Promise<Buffer | null>;
}

function reader(source: AsyncIterable<Buffer>, failure: () => Error | null): Reader {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let at = 0;
  // How many bytes have to be here before it is worth to look again.
  let wanted = 1;

  const take = (): Buffer | null | undefined => {
    const end = held.indexOf(10, at);
    if (end === -1) {
      wanted = held.length - at + 1;
      return undefined;
    }
    const size = sizeIn(held.toString('latin1', at, end));
    const after = size === null ? end + 1 : end + size + 2;
    if (held.length < after) {
      wanted = after - at;
      return undefined;
    }
    at = after;
    return size === null ? null : held.subarray(end + 1, after - 1);
  };

  const more = async (): Promise<void> => {
    const parts = [held.subarray(at)];
    for (let have = held.length - at; have < wanted; ) {
      const chunk = await chunks.next();
      if (chunk.done) throw failure() ?? new Error(have === 0 ? 'git cat-file ended too early' : 'git cat-file ended inside an object');
      parts.push(chunk.value);
      have += chunk.value.length;
    }
    [held, at] = [parts.length === 2 && parts[0]?.length === 0 ? (parts[1] as Buffer) : Buffer.concat(parts), 0];
  };

  return {
    take,
    async next() {
      for (;;) {
        const object = take();
        if (object !== undefined) return object;
        await more();
      }
    },
  };
}

/** The size that a header promises; null for an object that is missing. */
function sizeIn(header: string): number | null {
  const size = / (?:blob|commit) (\d+)$/.exec(header)?.[1];
  if (size !== undefined) return Number(size);
  if (header.endsWith(' missing')) return null;
  throw new Error(`git cat-file answered '${header.slice(0, 100)}'`);
}
