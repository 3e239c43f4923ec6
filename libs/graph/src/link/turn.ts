import type { FactModule } from '@granary/contracts';
import type { Ecosystem } from '../manifests/declared';
import type { ManifestTurn } from '../manifests/manifest-turn';
import type { World } from './world';

/** From one snapshot to the next: what differs of all that linkers may ask. */
export interface Turn {
  before: World;
  after: World;
  /** Files that are only in one of the two, or of another language now. */
  paths: readonly string[];
  /** Modules that are only in one of the two, or say something else now. */
  modules: readonly ModuleTurn[];
  manifests: ManifestTurn;
}

export interface ModuleTurn { before: FactModule | null; after: FactModule | null }

/**
 * Which answers of a family of languages a turn may change: those that looked at any of some keys. `everything` means also
 * the modules that gave no keys.
 */
export type Disturbance = 'nothing' | 'everything' | ReadonlySet<string>;

export interface Sharing {
  languages: readonly string[];
  ecosystem: Ecosystem;
  /** The files by which others are found, besides modules of these languages. */
  concerns(path: string, turn: Turn): boolean;
  /** What the linking of other modules takes from a module: while it stays, only the module itself is to be linked again. */
  shared(module: FactModule): unknown;
  /** The key by which answers say that they asked for packages from outside, where the linker notes that: manifests concern no others. */
  outside?: string;
}

export interface Offering {
  languages: readonly string[];
  ecosystem: Ecosystem;
  /** The keys under which others look for what a module has, by its path and by what it declares. */
  offered(module: FactModule): Iterable<string>;
  /** What of a module counts for others whatever they look for. */
  shared?(module: FactModule): readonly string[];
  /** The files on which all answers may depend. */
  concerns?(path: string): boolean;
  outside?: string;
}

/** The disturbance in a family whose linker notes what it looks for: all that came, went, or offers something else now. */
export const offeredBy = ({ languages, ecosystem, offered, shared = () => [], concerns = () => false, outside }: Offering) => (turn: Turn): Disturbance => {
  const areManifestsSame = !turn.manifests.ecosystems.has(ecosystem);
  if (!areManifestsSame && outside === undefined) return 'everything';
  const worlds = [turn.before, turn.after];
  const isOne = (path: string): boolean => worlds.some(({ files }) => languages.includes(files.get(path)?.language ?? ''));
  // A file that is of another language now may hold a module that says the same.
  const isOther = (path: string): boolean => isOne(path) && worlds.every(({ files }) => files.has(path));
  if (turn.paths.some((path) => concerns(path) || isOther(path))) return 'everything';
  const keys = new Set(areManifestsSame || outside === undefined ? [] : [outside]);
  for (const one of turn.modules) {
    const modules = [one.before ?? [], one.after ?? []].flat();
    if (!modules.some(({ path }) => isOne(path))) continue;
    const differs = (say: (module: FactModule) => unknown): boolean => new Set([one.before, one.after].map((module) => JSON.stringify(module === null ? [] : say(module)))).size > 1;
    if (differs(shared)) return 'everything';
    if (modules.length === 1 || differs(({ declares }) => declares ?? null)) for (const module of modules) for (const key of offered(module)) keys.add(key);
  }
  return keys.size === 0 ? 'nothing' : keys;
};

/** The disturbance in a family whose linker notes no paths: everything, as soon as anything differs that modules share. */
export const sharedBy = ({ languages, ecosystem, concerns, shared, outside }: Sharing) => (turn: Turn): Disturbance => {
  const areManifestsSame = !turn.manifests.ecosystems.has(ecosystem);
  if (!areManifestsSame && outside === undefined) return 'everything';
  const isOne = (path: string): boolean => [turn.before, turn.after].some(({ files }) => languages.includes(files.get(path)?.language ?? ''));
  if (turn.paths.some((path) => isOne(path) || concerns(path, turn))) return 'everything';
  const isShared = ({ before, after }: ModuleTurn): boolean => {
    if (!isOne((after ?? before)?.path ?? '')) return false;
    return before === null || after === null || JSON.stringify(shared(before)) !== JSON.stringify(shared(after));
  };
  if (turn.modules.some(isShared)) return 'everything';
  return areManifestsSame || outside === undefined ? 'nothing' : new Set([outside]);
};
