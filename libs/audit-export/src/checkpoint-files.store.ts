import { readdir, readFile } from 'node:fs/promises';
import { momentOf, parseCheckpoint } from '@granary/transparency';
import { writeAtomically } from './atomic-file.store';
import { dayOf, isDay, type Day } from './day';
import { layout } from './layout';
import { joinNotes, splitNotes } from './notes';

/**
 * Puts a signed checkpoint beside those of its day; one that is there already is left alone. On disk when it resolves.
 * Not for two at a time on the same folder.
 * @param root of the export
 * Faults: `checkpoint-malformed`.
 */
export async function keepCheckpoint(root: string, note: string): Promise<void> {
  const { time } = momentOf(parseCheckpoint(textOf(note)));
  const file = layout.checkpointsOf(root, dayOf(time));
  const notes = splitNotes(await readIfThere(file));
  if (notes.includes(note)) return;
  await writeAtomically(file, joinNotes([...notes, note]));
}

/** The signed checkpoints of a day as they lie there, in the order that they were put there. */
export async function checkpointsOf(root: string, day: Day): Promise<string[]> {
  return splitNotes(await readIfThere(layout.checkpointsOf(root, day)));
}

/** Days that have checkpoints, the oldest first. */
export async function daysWithCheckpoints(root: string): Promise<Day[]> {
  const names = await namesIn(layout.checkpoints(root));
  return names.filter((name) => name.endsWith('.txt') && isDay(name.slice(0, -4))).map((name) => name.slice(0, -4)).sort();
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

/** The keys that the folder itself names. */
export async function keysOf(root: string): Promise<string[]> {
  return (await readIfThere(layout.keys(root))).split('\n').filter((line) => line !== '');
}

/** What a note says, without its signatures. */
export function textOf(note: string): string {
  return note.slice(0, note.indexOf('\n\n') + 1);
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
