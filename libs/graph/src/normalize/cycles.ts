import type { GraphImport } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { adjacencyOf } from './adjacency';

/**
 * The groups of modules that import each other in circles at run time: strongly connected components of more than one
 * module, and modules that import themselves. Each is sorted, and they are ordered by their first module.
 * Type-only imports do not count, because nothing of them is left when the program runs, and neither does that a Rust
 * module declares the one below it, because every such module may look back up.
 */
export function cyclesOf(imports: readonly GraphImport[]): string[][] {
  const ids = new Map<string, number>();
  const idOf = (path: string): number => {
    const known = ids.get(path);
    if (known !== undefined) return known;
    ids.set(path, ids.size);
    return ids.size - 1;
  };
  const edges: [number, number][] = [];
  const selfImports = new Set<number>();
  // Edges of the same module mostly stand together.
  let last = { path: '', id: -1 };
  for (const { from, to, kind } of imports) {
    if (kind === 'type' || isRustDeclaration(from, kind)) continue;
    if (last.id < 0 || last.path !== from) last = { path: from, id: idOf(from) };
    const target = idOf(to);
    edges.push([last.id, target]);
    if (last.id === target) selfImports.add(target);
  }
  const paths = [...ids.keys()];
  return stronglyConnected(paths.length, edges)
    .filter((component) => component.length > 1 || selfImports.has(component[0] ?? -1))
    .map((component) => component.map((id) => paths[id] ?? '').sort(byCodeUnit))
    .sort((a, b) => byCodeUnit(a[0] ?? '', b[0] ?? ''));
}

// `mod x;` and `include!` are the only ones of this kind in Rust.
const isRustDeclaration = (from: string, kind: GraphImport['kind']): boolean => kind === 'require' && from.endsWith('.rs');

/** Tarjan's algorithm with its own stack: a chain of 100,000 imports must not exhaust the call stack. */
function stronglyConnected(nodes: number, edges: readonly (readonly [number, number])[]): number[][] {
  const { offsets, neighbours } = adjacencyOf(nodes, edges);
  const order = new Int32Array(nodes).fill(-1);
  const low = new Uint32Array(nodes);
  const next = offsets.slice(0, nodes);
  const onStack = new Uint8Array(nodes);
  const stack: number[] = [];
  const path: number[] = [];
  const components: number[][] = [];
  let visited = 0;

  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    stack.push(node);
    onStack[node] = 1;
    path.push(node);
  };
  const lower = (node: number, value: number): void => {
    if (value < at(low, node)) low[node] = value;
  };
  const leave = (node: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) lower(parent, at(low, node));
    if (at(low, node) !== at(order, node)) return;
    const component = stack.splice(stack.lastIndexOf(node));
    for (const member of component) onStack[member] = 0;
    components.push(component);
  };

  for (let root = 0; root < nodes; root++) {
    if (at(order, root) !== -1) continue;
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const edge = at(next, node);
      if (edge === at(offsets, node + 1)) {
        leave(node);
        continue;
      }
      next[node] = edge + 1;
      const target = at(neighbours, edge);
      if (at(order, target) === -1) enter(target);
      else if (onStack[target] === 1) lower(node, at(order, target));
    }
  }
  return components;
}

const at = (values: Int32Array | Uint32Array, index: number): number => values[index] ?? 0;
