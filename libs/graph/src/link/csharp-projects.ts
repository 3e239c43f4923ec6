import { memoize } from '../memoize';
import type { Declared } from '../manifests/declared';
import { folderOf, foldersUp, joinPath } from '../paths';
import type { World } from './world';

/** The projects of .NET in a snapshot. */
export interface Projects {
  /** The project that a folder belongs to: that of the nearest folder with a project file, the first by path; null when there is none. */
  projectOf(folder: string): Project | null;
  /** The nearest folder with any manifest, so that folders without one can be answered together. */
  homeOf(folder: string): string;
  /** The manifests that hold for a folder, and those of the projects it refers to, its own first. */
  manifestsFor(folder: string): readonly Declared[];
}

export interface Project { folder: string; name: string }

/** Arranges project files, and the property files beside and above them, by folder. */
export function projectsOf({ declared, files }: Pick<World, 'declared' | 'files'>): Projects {
  const projects = new Map([...files.keys()].filter((path) => path.endsWith('.csproj')).sort().reverse().map((path) => [folderOf(path), { folder: folderOf(path), name: stemOf(path) }]));
  const byFolder = Map.groupBy(declared.all('nuget'), ({ folder }) => folder);
  const above = (folder: string): Declared[] => foldersUp(folder).flatMap((at) => byFolder.get(at) ?? []);
  return {
    projectOf: memoize((folder) => foldersUp(folder).flatMap((at) => projects.get(at) ?? [])[0] ?? null),
    homeOf: memoize((folder) => foldersUp(folder).find((at) => byFolder.has(at)) ?? ''),
    manifestsFor: memoize((folder) => {
      const found = new Set(above(folder));
      for (const { folder: at, content } of found) {
        for (const { path } of content.requirements) {
          const project = path === undefined ? null : joinPath(at, path);
          if (project !== null) for (const manifest of above(project)) found.add(manifest);
        }
      }
      return [...found];
    }),
  };
}

const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
