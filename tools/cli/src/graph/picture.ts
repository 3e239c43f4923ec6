import type { ProjectGraph } from '@granary/contracts';

/** What a drawing of a graph shows: files in their folders, and one line for each pair of files. */
export interface Picture {
  name: string;
  root: Folder;
  lines: Line[];
}

export interface Folder {
  /** Full path, '' for the root. */
  path: string;
  /** What its frame says: the last part of the path, or several when folders in between hold nothing else. */
  label: string;
  folders: Folder[];
  files: string[];
}

/** All imports from one file to another; a line is weak when each of them is of a type or happens later. */
export interface Line {
  from: string;
  to: string;
  kinds: string[];
}

/** The drawing of a graph, or of the part below a folder: with what is imported from there and back left out. */
export function pictureOf(graph: ProjectGraph, under: string | null = null): Picture {
  const prefix = under === null ? '' : `${under.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  const inside = (path: string): boolean => path.startsWith(prefix);
  return {
    name: graph.repository.name,
    root: foldersOf(graph.nodes.modules.map((module) => module.path).filter(inside)),
    lines: linesOf(graph.edges.imports.filter(({ from, to }) => inside(from) && inside(to))),
  };
}

/** How many files and lines a drawing has. */
export function sizeOf(picture: Picture): { files: number; lines: number } {
  const count = (folder: Folder): number => folder.files.length + folder.folders.reduce((sum, inner) => sum + count(inner), 0);
  return { files: count(picture.root), lines: picture.lines.length };
}

/** The name of a file in its folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function linesOf(imports: readonly { from: string; to: string; kind: string }[]): Line[] {
  const lines = new Map<string, Line>();
  for (const { from, to, kind } of imports) {
    const id = JSON.stringify([from, to]);
    const line = lines.get(id) ?? { from, to, kinds: [] };
    if (!line.kinds.includes(kind)) line.kinds.push(kind);
    lines.set(id, line);
  }
  return [...lines.values()].map((line) => ({ ...line, kinds: line.kinds.sort() }));
}

function foldersOf(paths: readonly string[]): Folder {
  const root: Folder = { path: '', label: '', folders: [], files: [] };
  const known = new Map<string, Folder>([['', root]]);
  for (const path of [...paths].sort()) folderAt(path.slice(0, Math.max(0, path.lastIndexOf('/'))), known).files.push(path);
  return { ...root, folders: root.folders.map(withoutCorridors) };
}

function folderAt(path: string, known: Map<string, Folder>): Folder {
  const there = known.get(path);
  if (there) return there;
  const parent = folderAt(path.slice(0, Math.max(0, path.lastIndexOf('/'))), known);
  const folder: Folder = { path, label: baseName(path), folders: [], files: [] };
  parent.folders.push(folder);
  known.set(path, folder);
  return folder;
}

// A folder that holds only one other folder needs no frame of its own.
function withoutCorridors(folder: Folder): Folder {
  const [only, ...others] = folder.folders;
  if (only && others.length === 0 && folder.files.length === 0) return withoutCorridors({ ...only, label: `${folder.label}/${only.label}` });
  return { ...folder, folders: folder.folders.map(withoutCorridors) };
}
