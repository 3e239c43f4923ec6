import type { FactFile, FactModule } from '@granary/contracts';
import type { DeclaredPackages } from '../manifests/declared';
import type { JavaScriptSnapshot } from './javascript-snapshot';
import type { Notes } from './notes';
import type { Tree } from './tree';

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
