import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeasuredMirror } from '../store/mirror.store';

/** The folder of mirrors on this machine. */
export interface MirrorFolder {
  /** Names this folder among those of all machines. */
  readonly place: string;
  /** What is in it. Sizes are looked at anew only where something was fetched. */
  measure(): Promise<MeasuredMirror[]>;
  /** Makes a mirror unreachable, at once; its files go with the next `clean`. */
  putAway(repositoryId: string): Promise<void>;
  /** Deletes what was put away, by whomever. */
  clean(): Promise<void>;
}

const MIRROR = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.git$/;
const PUT_AWAY = '.gone-';

export async function openMirrorFolder(folder: string): Promise<MirrorFolder> {
  await mkdir(folder, { recursive: true });
  const measured = new Map<string, MeasuredMirror>();
  return {
    place: await placeOf(join(folder, 'place')),
    async measure() {
      const found: MeasuredMirror[] = [];
      for (const name of await readdir(folder)) {
        const repositoryId = MIRROR.exec(name)?.[1];
        if (repositoryId === undefined) continue;
        const now = await measureMirror(join(folder, name), repositoryId, measured.get(repositoryId)).catch(() => null);
        if (now === null) measured.delete(repositoryId);
        else {
          measured.set(repositoryId, now);
          found.push(now);
        }
      }
      return found;
    },
    async putAway(repositoryId) {
      await rename(join(folder, `${repositoryId}.git`), join(folder, `${PUT_AWAY}${randomUUID()}`)).catch(unlessMissing);
    },
    async clean() {
      for (const name of await readdir(folder)) if (name.startsWith(PUT_AWAY)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

async function placeOf(file: string): Promise<string> {
  await writeFile(file, randomUUID(), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}

/** Null while a mirror is being made. A fetch changes the folder of packs, and what a harvest keeps the folder of its refs. */
async function measureMirror(path: string, repositoryId: string, before: MeasuredMirror | undefined): Promise<MeasuredMirror | null> {
  const [head, ...changed] = await Promise.all(['HEAD', join('objects', 'pack'), join('refs', 'granary')].map((part) => stat(join(path, part)).catch(() => null)));
  if (!head) return null;
  const lastUsedAt = new Date(Math.max(head.mtimeMs, ...changed.map((part) => part?.mtimeMs ?? 0)));
  if (before !== undefined && before.lastUsedAt.getTime() === lastUsedAt.getTime()) return before;
  return { repositoryId, bytes: await sizeOf(path), createdAt: before?.createdAt ?? head.mtime, lastUsedAt };
}

async function sizeOf(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += await stat(join(entry.parentPath, entry.name)).then(({ size }) => size, () => 0);
  }
  return bytes;
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
