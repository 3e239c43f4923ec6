import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file so that it is there whole or not at all, also after a loss of power. Replaces one that was there. */
export async function writeAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${file}.partial`;
  await makeFolder(dirname(file));
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
  await syncFolder(dirname(file));
}

/** Moves a folder whose files are on disk to its name, where none must be yet. */
export async function moveFolder(from: string, to: string): Promise<void> {
  await syncFolder(from);
  await makeFolder(dirname(to));
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Removes a file or a folder, if it is there, for good. */
export async function removeForGood(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await syncFolder(dirname(path)).catch(ignoreAbsent);
}

/** Creates what is missing of a path. Names in a folder survive a loss of power only once the folder is on disk, too. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Puts the names in a folder on disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreAbsent(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
}
