import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { momentOf, parseCheckpoint } from '@granary/transparency';
import { writeAtomically } from './atomic-file.store';
import { dayOf, isDay, type Day } from './day';
import { keyFileText, readKeyFile, type KeyFile } from './key-file';
import { layout } from './layout';
import { joinNotes, splitNotes } from './notes';

/**
 * Puts a signed checkpoint beside those of its day; one that is there already is left alone. On disk when it resolves.
 * Not for two at a time on the same folder.
 * @param root of the export
 * Faults: `checkpoint-malformed`.
 */
export async function keepCheckpoint(root: string, note: string): Promise<void> {
  const file = layout.checkpointsOf(root, dayOf(timeOf(note)));
  const notes = splitNotes(await readIfThere(file));
  if (notes.includes(note)) return;
  await writeAtomically(file, joinNotes([...notes, note]));
}

/** The signed checkpoints of a day, in the order that they were put there; then those that lie in files of their own. */
export async function checkpointsOf(root: string, day: Day): Promise<string[]> {
  const notes = splitNotes(await readIfThere(layout.checkpointsOf(root, day)));
  const single = await readEach(join(layout.checkpoints(root), day));
  return [...notes, ...single.filter((note) => !notes.includes(note))];
}

/** Days that have checkpoints, the oldest first. */
export async function daysWithCheckpoints(root: string): Promise<Day[]> {
  const names = await namesIn(layout.checkpoints(root));
  return [...new Set(names.map((name) => name.replace(/\.txt$/, '')).filter(isDay))].sort();
}

/** The checkpoint that was put there last; null when there is none. Whoever relies on it checks who signed it. */
export async function newestCheckpoint(root: string): Promise<string | null> {
  const day = (await daysWithCheckpoints(root)).at(-1);
  return day === undefined ? null : ((await checkpointsOf(root, day)).at(-1) ?? null);
}

/** Puts the keys there that sign checkpoints, as verifier keys. */
export async function keepKeys(root: string, vkeys: readonly string[]): Promise<void> {
  const text = `${vkeys.join('\n')}\n`;
  if ((await readIfThere(layout.keys(root))) !== text) await writeAtomically(layout.keys(root), text);
}

/** The keys that the folder itself names, each once. */
export async function keysOf(root: string): Promise<string[]> {
  const listed = (await readIfThere(layout.keys(root))).split('\n').filter((line) => line !== '');
  const single = (await keyFilesOf(root)).map(({ vkey }) => vkey);
  return [...new Set([...listed, ...single])];
}

/** Puts a key into a file of its own. */
export async function keepKeyFile(root: string, id: string, key: KeyFile): Promise<void> {
  await writeAtomically(layout.key(root, id), keyFileText(key));
}

/** The keys that have files of their own. */
export async function keyFilesOf(root: string): Promise<KeyFile[]> {
  const texts = await readEach(dirname(layout.key(root, 'any')));
  return texts.map(readKeyFile);
}

/** Puts a checkpoint into a file of its own, which nobody else writes. */
export async function keepSingleCheckpoint(root: string, note: string): Promise<void> {
  await writeAtomically(layout.checkpointAt(root, timeOf(note)), note);
}

/** When a checkpoint was signed. Faults: `checkpoint-malformed`. */
export function timeOf(note: string): Date {
  return momentOf(parseCheckpoint(textOf(note))).time;
}

/** What a note says, without its signatures. */
function textOf(note: string): string {
  return note.slice(0, note.indexOf('\n\n') + 1);
}

/** The files of a folder, in the order of their names. */
async function readEach(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return '';
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}
