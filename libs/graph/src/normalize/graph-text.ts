import type { ProjectGraph } from '@granary/contracts';
import type { ModuleLinks } from '../link/link';
import { byCodeUnit } from '../paths';
import { canonicalJson } from './canonical';

/** The canonical text of parts of graphs, by the part itself: what the next graph takes over as it is, is not written again. */
export type Texts = WeakMap<object, string>;

/** `canonicalJson` of a graph, in which the links of its modules are lists after each other. */
export function graphText(graph: ProjectGraph, modules: readonly ModuleLinks[], texts: Texts): string {
  const { edges, nodes, completeness } = graph;
  const made = new Map<object, string>([
    [edges.imports, listText(modules.map(({ imports }) => entriesText(imports, texts)))],
    [edges.uses, listText(modules.map(({ uses }) => entriesText(uses, texts)))],
    [completeness.unresolved, listText(modules.map(({ unresolved }) => entriesText(unresolved, texts)))],
    [nodes.modules, remembered(nodes.modules, texts, () => listText(nodes.modules.map((node) => remembered(node, texts, () => canonicalJson(node)))))],
  ]);
  return objectText(graph, 0, made, texts);
}

// Deeper than this there are only lists.
const LISTS_AT = 2;

function objectText(value: object, depth: number, made: ReadonlyMap<object, string>, texts: Texts): string {
  const fields = Object.entries(value).filter(([, entry]) => entry !== undefined).sort(([a], [b]) => byCodeUnit(a, b));
  return `{${fields.map(([key, entry]: [string, unknown]) => `${JSON.stringify(key)}:${fieldText(entry, depth + 1, made, texts)}`).join(',')}}`;
}

function fieldText(value: unknown, depth: number, made: ReadonlyMap<object, string>, texts: Texts): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const known = made.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value) || depth >= LISTS_AT) return remembered(value, texts, () => canonicalJson(value));
  return objectText(value, depth, made, texts);
}

/** The entries of a list without the brackets around them. */
const entriesText = (entries: readonly object[], texts: Texts): string => (entries.length === 0 ? '' : remembered(entries, texts, () => canonicalJson(entries).slice(1, -1)));

const listText = (parts: readonly string[]): string => `[${parts.filter((part) => part !== '').join(',')}]`;

function remembered(value: object, texts: Texts, write: () => string): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = write();
  texts.set(value, text);
  return text;
}
