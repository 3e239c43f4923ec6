import { baseName, type Folder, type Line, type Picture } from './picture';

/** Beyond these, Mermaid refuses a drawing unless it is configured otherwise (`maxEdges`, `maxTextSize`). */
export const MERMAID_LIMITS = { lines: 500, characters: 50_000 };

/** A drawing in the language of Mermaid: folders as subgraphs; imports of types and at run time dotted. */
export function renderMermaid(picture: Picture): string {
  const ids = new Map<string, string>();
  const body = folderBody(picture.root, '  ', ids, { folders: 0 });
  return ['flowchart LR', ...body, ...picture.lines.flatMap((line) => arrow(line, ids)), ''].join('\n');
}

// Paths make no safe identifiers (the word `end` alone breaks a drawing), so files and folders are numbered.
function folderBody(folder: Folder, indent: string, ids: Map<string, string>, counter: { folders: number }): string[] {
  const folders = folder.folders.flatMap((inner) => subgraph(inner, indent, ids, counter));
  const files = folder.files.map((file) => {
    const id = `m${ids.size}`;
    ids.set(file, id);
    return `${indent}${id}[${quoted(baseName(file))}]`;
  });
  return [...folders, ...files];
}

function subgraph(folder: Folder, indent: string, ids: Map<string, string>, counter: { folders: number }): string[] {
  const id = `d${counter.folders++}`;
  return [`${indent}subgraph ${id}[${quoted(folder.label)}]`, ...folderBody(folder, `${indent}  `, ids, counter), `${indent}end`];
}

function arrow({ from, to, kinds }: Line, ids: ReadonlyMap<string, string>): string[] {
  const [start, end] = [ids.get(from), ids.get(to)];
  if (start === undefined || end === undefined) return [];
  return [`  ${start} ${kinds.every((kind) => kind === 'type' || kind === 'dynamic') ? '-.->' : '-->'} ${end}`];
}

const ENTITIES: Readonly<Record<string, string>> = { '#': '#35;', '"': '#quot;', '<': '#lt;', '>': '#gt;', '&': '#amp;', '`': '#96;', '\\': '#92;', '\n': ' ', '\r': '' };

// Mermaid has no backslash escapes; characters with a meaning are written as its own entity codes.
function quoted(text: string): string {
  return `"${text.replace(/[#"<>&`\\\n\r]/g, (character) => ENTITIES[character] ?? character)}"`;
}
