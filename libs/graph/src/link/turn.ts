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
