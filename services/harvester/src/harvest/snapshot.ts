import type { ScannedFile } from '@granary/extract';
import type { Change } from '@granary/git';

/** Whether every path of a commit is the text that git has for it. Only then can the files of the next commit be told from these. */
export const isPlain = (files: readonly ScannedFile[]): boolean => files.every(({ skipped }) => skipped !== 'non-utf8-path' && skipped !== 'path-too-long');

/** The files with each path once: a tree that was made by hand may name one twice, and the first one counts. */
export function withoutDoubles(files: readonly ScannedFile[]): readonly ScannedFile[] {
  const byPath = new Map<string, ScannedFile>();
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file);
  return byPath.size === files.length ? files : [...byPath.values()];
}

/** Whether each of these paths can be asked for by its name. One that is not UTF-8 is shown with a backslash. */
export function canBeAsked(changes: readonly Change[], { paths, length }: { paths: number; length: number }): boolean {
  if (changes.length > paths || changes.some(({ path }) => path.includes('\\') || path.length > length)) return false;
  return changes.reduce((sum, { path }) => sum + path.length, 0) <= length && new Set(changes.map(({ path }) => path)).size === changes.length;
}

/**
 * The files of a commit in git's order: those of the commit before, with what differs. Null when it does not fit together.
 * @param present what the changed paths are now, without those that are removed
 */
export function follow(before: readonly ScannedFile[], changes: readonly Change[], present: readonly ScannedFile[]): ScannedFile[] | null {
  const now = new Map(present.map((file) => [file.path, file]));
  const left = new Map(changes.map((change) => [change.path, change]));
  const expected = changes.filter(({ status }) => status !== 'removed');
  if (now.size !== present.length || expected.length !== present.length || !expected.every(({ path }) => now.has(path))) return null;

  const stayed: ScannedFile[] = [];
  for (const file of before) {
    const change = left.get(file.path);
    if (change === undefined) {
      stayed.push(file);
      continue;
    }
    if (change.before !== file.blob) return null;
    left.delete(file.path);
    if (change.status !== 'removed') stayed.push(now.get(file.path) as ScannedFile);
  }
  if ([...left.values()].some(({ status }) => status !== 'added')) return null;
  return merged(stayed, present.filter(({ path }) => left.has(path)));
}

function merged(files: readonly ScannedFile[], added: readonly ScannedFile[]): ScannedFile[] {
  const all: ScannedFile[] = [];
  let from = 0;
  for (const file of [...added].sort(byBytes)) {
    const place = placeOf(files, file, from);
    for (; from < place; from += 1) all.push(files[from] as ScannedFile);
    all.push(file);
  }
  for (; from < files.length; from += 1) all.push(files[from] as ScannedFile);
  return all;
}

/** Where a file belongs among sorted ones. */
function placeOf(files: readonly ScannedFile[], file: ScannedFile, from: number): number {
  let [low, high] = [from, files.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byBytes(files[middle] as ScannedFile, file) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Git compares bytes of UTF-8, which is another order than that of UTF-16 for what is beyond the basic plane.
const byBytes = (a: ScannedFile, b: ScannedFile): number => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
