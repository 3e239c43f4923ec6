import type { Declared, DeclaredPackages } from '../manifests/declared';
import { memoize } from '../memoize';
import { foldersUp, joinPath } from '../paths';

/** Where the packages below a module path come from. */
export type Source =
  | { from: 'repository'; folder: string }
  | { from: 'outside'; name: string; version: string | null };

/** A module as files of another one see it: everything below `path`, or `path` itself, belongs to it. */
export interface VisibleModule { path: string; source: Source }

export interface GoModules {
  /** The modules that a file of a folder may import from, the longest path first: as for Go itself, that one is asked first. */
  visibleFrom(folder: string): readonly VisibleModule[];
  /** Every module of the repository, the longest path first. */
  all: readonly VisibleModule[];
}

/** Arranges the `go.mod` and `go.work` files of a snapshot. */
export function goModulesOf(declared: DeclaredPackages): GoModules {
  const manifests = declared.all('golang');
  const modules = manifests.filter(({ kind, content }) => kind === 'go.mod' && content.name !== null);
  const byFolder = new Map(modules.map((module) => [module.folder, module]));
  const workspaces = new Map(manifests.filter(({ kind }) => kind === 'go.work').map((workspace) => [workspace.folder, workspace]));
  const seenBy = memoize((home: string) => {
    const module = byFolder.get(home);
    if (module === undefined) return [];
    const members = membersOf(home, workspaces).flatMap((folder) => byFolder.get(folder) ?? []);
    return longestFirst(visibleTo(module, members, declared));
  });
  return {
    visibleFrom: memoize((folder) => {
      const home = foldersUp(folder).find((at) => byFolder.has(at));
      return home === undefined ? [] : seenBy(home);
    }),
    all: longestFirst(modules.map(asVisible)),
  };
}

function membersOf(home: string, workspaces: ReadonlyMap<string, Declared>): readonly string[] {
  const workspace = foldersUp(home).map((folder) => workspaces.get(folder)).find((found) => found !== undefined);
  const members = workspace?.content.members.flatMap((member) => joinPath(workspace.folder, member) ?? []) ?? [];
  return members.includes(home) ? members : [];
}

// In the order of Go: what is worked on here, then what is asked for. The first of one path counts.
function visibleTo(module: Declared, members: readonly Declared[], declared: DeclaredPackages): VisibleModule[] {
  return [
    asVisible(module),
    ...members.map(asVisible),
    ...module.content.requirements.map((requirement): VisibleModule => {
      const meant = declared.meaning(module, requirement);
      return { path: requirement.name, source: meant.to === 'folder' ? { from: 'repository', folder: meant.folder } : { from: 'outside', name: meant.name, version: meant.version } };
    }),
  ];
}

const asVisible = ({ folder, content }: Declared): VisibleModule => ({ path: content.name ?? '', source: { from: 'repository', folder } });

function longestFirst(modules: readonly VisibleModule[]): VisibleModule[] {
  const first = new Map<string, VisibleModule>();
  for (const module of modules) if (!first.has(module.path)) first.set(module.path, module);
  return [...first.values()].sort((a, b) => b.path.length - a.path.length);
}

