import type { ProjectGraph } from '@granary/contracts';
import type { ModuleLinks } from '../link/link';
import { byCodeUnit } from '../paths';
import { canonicalJson } from './canonical';

/** The canonical text of parts of graphs, by the part itself: what the next graph takes over as it is, is not written again. */
export type Texts = WeakMap<object, string>;

/** `canonicalJson` of a graph, in which the links of its modules are lists after each other. */
export function graphText(graph: ProjectGraph, modules: readonly ModuleLinks[], texts: Texts): string {
  const { edges, nodes, completeness } = graph;
  const entries = (whole: object, parts: () => readonly (readonly object[])[]): void => void remembered(whole, texts, () => `[${joinedText(parts().map((part) => entriesText(part, texts)))}]`);
  entries(edges.imports, () => modules.map(({ imports }) => imports));
  entries(edges.uses, () => modules.map(({ uses }) => uses));
  entries(completeness.unresolved, () => modules.map(({ unresolved }) => unresolved));
  // Lists of which the next graph has nearly all entries, most of them the same objects.
  for (const list of [edges.dependsOn, nodes.packages]) remembered(list, texts, () => `[${joinedText(list.map((entry) => remembered(entry, texts, () => canonicalJson(entry))))}]`);
  remembered(nodes.modules, texts, () => `[${joinedText(nodes.modules.map((node) => remembered(node, texts, () => canonicalJson(node))))}]`);
  const pieces: string[] = [];
  writeObject(graph, 0, texts, pieces);
  // Joined once: text of megabytes is worth not to be copied at every level.
  return pieces.join('');
}

// Deeper than this there are only lists.
const LISTS_AT = 2;

function writeObject(value: object, depth: number, texts: Texts, into: string[]): void {
  let separator = '{';
  for (const [key, entry] of Object.entries(value).sort(([a], [b]) => byCodeUnit(a, b)) as [string, unknown][]) {
    if (entry === undefined) continue;
    into.push(`${separator}${JSON.stringify(key)}:`);
    separator = ',';
    if (typeof entry !== 'object' || entry === null) into.push(JSON.stringify(entry));
    else if (Array.isArray(entry) || depth + 1 >= LISTS_AT) into.push(remembered(entry, texts, () => canonicalJson(entry)));
    else writeObject(entry, depth + 1, texts, into);
  }
  into.push(separator === '{' ? '{}' : '}');
}

/** The entries of a list without the brackets around them. */
const entriesText = (entries: readonly object[], texts: Texts): string => (entries.length === 0 ? '' : remembered(entries, texts, () => canonicalJson(entries).slice(1, -1)));

const joinedText = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(',');

function remembered(value: object, texts: Texts, write: () => string): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = write();
  texts.set(value, text);
  return text;
}
