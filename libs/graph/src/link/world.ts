import type { FactFile, FactModule } from '@granary/contracts';
import type { DeclaredPackages } from '../manifests/declared';
import type { JavaScriptSnapshot } from './javascript';
import type { Linker } from './resolution';
import type { Tree } from './tree';

/** All that the linkers of a snapshot may ask. */
export interface World {
  tree: Tree;
  files: ReadonlyMap<string, FactFile>;
  /** Ordered by path. */
  modules: readonly FactModule[];
  declared: DeclaredPackages;
  javascript: JavaScriptSnapshot;
}

/** One family of languages: which languages, and how their imports are linked. */
export interface Family { languages: readonly string[]; linker: (world: World) => Linker }
