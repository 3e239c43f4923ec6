import type { NormalizerGraphDependentsResponse } from '@granary/contracts';
import { plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { MERMAID_LIMITS } from './mermaid';

export const GRAPH_FORMATS = ['json', 'dot', 'mermaid'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

// Graphviz needs minutes for more, and nobody can read the result.
const DOT_LINES = 2_000;

/** Why a drawing will be hard to show, and what to do; null when it is not. */
export function sizeWarning(format: GraphFormat, size: { files: number; lines: number }, characters: number): string | null {
  const many = `${plural(size.files, 'file')} with ${plural(size.lines, 'line')} between them`;
  if (format === 'mermaid' && (size.lines > MERMAID_LIMITS.lines || characters > MERMAID_LIMITS.characters)) {
    return `This drawing is large (${many}): Mermaid draws at most ${MERMAID_LIMITS.lines} lines unless maxEdges and maxTextSize are raised. Draw a part of it with --under <folder>, or take --format dot.`;
  }
  if (format === 'dot' && size.lines > DOT_LINES) return `This drawing is large (${many}): draw a part of it with --under <folder>, or let sfdp lay it out: sfdp -Tsvg.`;
  return null;
}

/** Who depends on a module or package, indented by how far away they are. */
export function renderDependents({ target, kind, dependents }: NormalizerGraphDependentsResponse, transitive: boolean, style: Style): string {
  const name = `${kind} ${style.bold(printable(target))}`;
  if (dependents.length === 0) return `Nothing ${kind === 'package' ? 'uses' : 'imports'} ${name}.`;
  const lines = dependents.map(({ path, depth }) => `${'  '.repeat(depth)}${printable(path)}`);
  return [`${plural(dependents.length, 'module')} ${dependents.length === 1 ? 'depends' : 'depend'} on ${name}${transitive ? ', directly or not' : ''}:`, ...lines].join('\n');
}

/** The import cycles, each as a list of its modules. */
export function renderCycles(cycles: readonly (readonly string[])[], style: Style): string {
  if (cycles.length === 0) return style.good('No import cycles.');
  const blocks = cycles.map((modules, index) => [`${style.bold(`cycle ${index + 1}`)} of ${plural(modules.length, 'module')}`, ...modules.map((path) => `  ${printable(path)}`)].join('\n'));
  return [plural(cycles.length, 'import cycle'), ...blocks].join('\n\n');
}
