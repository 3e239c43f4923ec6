import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere } from '../data-folder/private-file.store';

/** An append-only file that is renamed to `<path>.1` (older: `.2` …) when it grows beyond its size. */
export interface LogFile {
  readonly path: string;
  write(chunk: Uint8Array | string): void;
  /** The last `count` lines written, for an error message. */
  tail(count: number): string;
  close(): void;
}

/** Opens a log file readable by its owner only. At most `keep` renamed files of about `maxBytes` each are kept. */
export function openLogFile(path: string, { maxBytes = 10_000_000, keep = 3 }: { maxBytes?: number; keep?: number } = {}): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  let open = true;

  function rotate(): void {
    closeSync(file);
    for (let n = keep - 1; n >= 1; n--) renameIfThere(`${path}.${n}`, `${path}.${n + 1}`);
    renameIfThere(path, `${path}.1`);
    file = openSync(path, 'a', 0o600);
    size = 0;
  }

  return {
    path,
    write(chunk) {
      // The last output of a process may arrive after its end was dealt with.
      if (!open) return;
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (size > 0 && size + bytes.length > maxBytes) rotate();
      size += writeSync(file, bytes);
    },
    tail(count) {
      return (readIfThere(path) ?? '').trimEnd().split('\n').slice(-count).join('\n');
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
