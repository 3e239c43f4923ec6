import type { FactFile, FactModule } from '@granary/contracts';
import type { DeclaredPackages } from '../manifests/declared';
import type { JavaScriptSnapshot } from './javascript';
import type { Notes } from './notes';
import type { Linker } from './resolution';
import type { Tree } from './tree';
import type { Disturbance, Turn } from './turn';

/** All that the linkers of a snapshot may ask. */
export interface World {
  tree: Tree;
  files: ReadonlyMap<string, FactFile>;
  /** Ordered by path. */
  modules: readonly FactModule[];
  declared: DeclaredPackages;
  javascript: JavaScriptSnapshot;
  notes: Notes;
}

/** One family of languages: which languages, how their imports are linked, and which links a change may concern. */
export interface Family {
  languages: readonly string[];
  linker: (world: World) => Linker;
  disturbed: (turn: Turn) => Disturbance;
}
