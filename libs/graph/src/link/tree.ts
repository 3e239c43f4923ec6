import { folderOf } from '../paths';

/** Endings that an import may leave out or that stand in for one another, in the order a TypeScript importer prefers them. */
export const ENDINGS = [
  '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json',
  '.d.ts', '.d.mts', '.d.cts', '.vue', '.svelte', '.astro', '.node',
] as const;
export type Ending = (typeof ENDINGS)[number];

const BITS = new Map<string, number>(ENDINGS.map((ending, index) => [ending, 1 << index]));

/** Endings in the order in which they are tried. */
export type Preference = readonly { ending: Ending; bit: number }[];

/** Makes an order of endings to pick by. */
export function preferenceOf(endings: readonly Ending[]): Preference {
  return endings.map((ending) => ({ ending, bit: BITS.get(ending) ?? 0 }));
}

/** The paths of one snapshot, arranged so that a question about a file costs one look-up however many endings it may have. */
export interface Tree {
  has(path: string): boolean;
  isFolder(path: string): boolean;
  /** The first existing file `stem + ending`, in the given order; null when there is none. */
  pick(stem: string, preference: Preference): string | null;
}

/** Arranges the paths of a snapshot for look-ups; the order of the paths does not matter. */
export function treeOf(paths: Iterable<string>): Tree {
  const files = new Set(paths);
  const folders = new Set<string>(['']);
  // With the paths themselves, so that a file is the same string wherever it is found: comparing and hashing it is done once.
  const pathsOfStem = new Map<string, { endings: number; paths: string[] }>();
  for (const path of files) {
    addFolders(folders, path);
    for (const [ending, bit] of endingsOf(path)) {
      const stem = path.slice(0, -ending.length);
      const known = pathsOfStem.get(stem);
      if (known === undefined) {
        pathsOfStem.set(stem, { endings: bit, paths: [path] });
      } else {
        known.endings |= bit;
        known.paths.push(path);
      }
    }
  }
  return {
    has: (path) => files.has(path),
    isFolder: (path) => folders.has(path),
    pick(stem, preference) {
      const found = pathsOfStem.get(stem);
      if (found === undefined) return null;
      const { endings, paths } = found;
      const best = preference.find(({ bit }) => (endings & bit) !== 0);
      if (best === undefined) return null;
      const length = stem.length + best.ending.length;
      return paths.find((path) => path.length === length && path.endsWith(best.ending)) ?? null;
    },
  };
}

/** The stems by which `pick` finds a path. */
export const stemsOf = (path: string): string[] => endingsOf(path).map(([ending]) => path.slice(0, -ending.length));

function addFolders(folders: Set<string>, path: string): void {
  for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) folders.add(folder);
}


// `x.d.ts` is both `x` with the ending `.d.ts` and `x.d` with the ending `.ts`.
function endingsOf(path: string): [string, number][] {
  const found: [string, number][] = [];
  const last = path.lastIndexOf('.');
  if (last < 0) return found;
  const simple = path.slice(last);
  const bit = BITS.get(simple);
  if (bit === undefined) return found;
  found.push([simple, bit]);
  if (path.endsWith('.d', last)) {
    const declaration = BITS.get(`.d${simple}`);
    if (declaration !== undefined) found.push([`.d${simple}`, declaration]);
  }
  return found;
}
