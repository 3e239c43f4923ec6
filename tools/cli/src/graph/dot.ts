import { baseName, type Folder, type Line, type Picture } from './picture';

/** A drawing in the language of Graphviz: folders as clusters; imports of types dashed, imports at run time dotted. */
export function renderDot(picture: Picture): string {
  return [
    `digraph ${quoted(picture.name)} {`,
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="Helvetica", fontsize=10];',
    '  edge [arrowsize=0.6, color="#555555"];',
    ...folderBody(picture.root, '  '),
    ...picture.lines.map((line) => `  ${quoted(line.from)} -> ${quoted(line.to)}${lineStyle(line)};`),
    '}',
    '',
  ].join('\n');
}

function folderBody(folder: Folder, indent: string): string[] {
  return [...folder.folders.flatMap((inner) => cluster(inner, indent)), ...folder.files.map((file) => `${indent}${quoted(file)} [label=${quoted(baseName(file))}];`)];
}

function cluster(folder: Folder, indent: string): string[] {
  return [
    `${indent}subgraph ${quoted(`cluster_${folder.path}`)} {`,
    `${indent}  label=${quoted(folder.label)}; style="rounded,filled"; color="#bbbbbb"; fillcolor="#00000008"; fontname="Helvetica"; fontsize=11;`,
    ...folderBody(folder, `${indent}  `),
    `${indent}}`,
  ];
}

function lineStyle({ kinds }: Line): string {
  if (kinds.every((kind) => kind === 'type')) return ' [style=dashed]';
  return kinds.every((kind) => kind === 'type' || kind === 'dynamic') ? ' [style=dotted]' : '';
}

// In a quoted string of DOT only the quote ends it, but labels read backslashes as escapes, and a last one would eat the quote.
function quoted(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\r?\n/g, '\\n')}"`;
}
