/**
 * A directed graph in typed arrays (CSR): the neighbours of node n are `neighbours[offsets[n] .. offsets[n + 1])`, and
 * `edges` says at the same places which of the edges given leads to them.
 */
export interface Adjacency { offsets: Uint32Array; neighbours: Uint32Array; edges: Uint32Array }

/** Arranges edges between nodes 0 to `nodes - 1` by their first node; the order of equal edges is kept. */
export function adjacencyOf(nodes: number, edges: readonly (readonly [from: number, to: number])[]): Adjacency {
  const offsets = new Uint32Array(nodes + 1);
  for (const [from] of edges) offsets[from + 1] = (offsets[from + 1] ?? 0) + 1;
  for (let node = 0; node < nodes; node++) offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
  const neighbours = new Uint32Array(edges.length);
  const places = new Uint32Array(edges.length);
  const next = offsets.slice();
  for (const [edge, [from, to]] of edges.entries()) {
    const place = next[from] ?? 0;
    neighbours[place] = to;
    places[place] = edge;
    next[from] = place + 1;
  }
  return { offsets, neighbours, edges: places };
}
