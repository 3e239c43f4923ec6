import type { FactManifest, GraphEntrypoint, GraphPublication } from '@granary/contracts';
import { javaScriptSnapshot } from '../link/javascript-snapshot';
import { notedTree } from '../link/notes';
import { tsConfigsOf, type TsConfigs } from '../link/tsconfigs';
import type { World } from '../link/world';
import { declaredPackagesOf, type DeclaredPackages } from '../manifests/declared';
import { locksOf, type Locks } from '../manifests/locks';
import { readManifests, type Manifests } from '../manifests/manifests';
import { repositoryPackagesOf, type RepositoryPackages } from '../manifests/repository-packages';
import { dependenciesOf, type Dependencies } from './dependencies';
import { entrypointsOf } from './entrypoints';
import { publicationsOf } from './publications';

/** All that the manifests and lock files of a snapshot decide by themselves. */
export interface Setting {
  manifests: Manifests;
  packages: RepositoryPackages;
  declared: DeclaredPackages;
  locks: Locks;
  tsconfigs: TsConfigs;
  dependencies: Dependencies;
  publishes: GraphPublication[];
}

/** Arranges the manifests of a fact pack. */
export function settingOf(found: readonly FactManifest[]): Setting {
  const manifests = readManifests(found);
  const packages = repositoryPackagesOf(manifests.packages);
  const declared = declaredPackagesOf(manifests.declared, manifests.resolved);
  const locks = locksOf({ npm: manifests.locks, others: declared.locks.filter(({ lock }) => lock.content.ecosystem === 'npm'), manifests: manifests.packages });
  const tsconfigs = tsConfigsOf(manifests.tsconfigs, (name) => packages.named(name, '')?.folder ?? null);
  const dependencies = dependenciesOf({ manifests: manifests.packages, packages, locks, declared });
  return { manifests, packages, declared, locks, tsconfigs, dependencies, publishes: publicationsOf(manifests.packages, manifests.declared) };
}

/** What linkers ask, of a setting and the files around it. */
export function worldOf({ packages, declared, locks, tsconfigs }: Setting, around: Pick<World, 'files' | 'modules' | 'tree' | 'notes'>): World {
  const { tree, notes } = around;
  return { ...around, declared, javascript: javaScriptSnapshot({ tree: notedTree(tree, notes), tsconfigs, packages, locks, notes }) };
}

/** The entry points of a snapshot. */
export function entrypointsIn(world: World, { manifests: { packages, ownEntries } }: Setting): GraphEntrypoint[] {
  return entrypointsOf({ ...world, packages, ownEntries });
}
