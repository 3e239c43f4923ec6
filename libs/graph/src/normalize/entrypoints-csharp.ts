import type { GraphEntrypoint } from '@granary/contracts';
import { projectsOf } from '../link/csharp-projects';
import { folderOf } from '../paths';
import type { EntrypointInput } from './entrypoint-input';

/** The programs of .NET: the files with a `Main` or with statements at the top, by the names of their projects. */
export function csharpEntrypoints({ modules, files, declared }: EntrypointInput): GraphEntrypoint[] {
  const programs = modules.filter(({ path, entry }) => entry === true && files.get(path)?.language === 'c#');
  if (programs.length === 0) return [];
  const projects = projectsOf({ declared, files });
  return programs.map(({ path }) => ({ kind: 'bin', name: projects.projectOf(folderOf(path))?.name ?? stemOf(path), path }));
}

const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
