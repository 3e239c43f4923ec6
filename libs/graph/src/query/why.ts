import type { NormalizerGraphWhyResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { targetOf } from './dependents';
import type { GraphIndex } from './graph-index';

type Step = NonNullable<NormalizerGraphWhyResponse['way']>[number];

/**
 * The shortest way on which a module depends on a module or package; of several equally short ones always the same.
 * Faults: permanent `not-found` when either is not in the graph.
 */
export function why(index: GraphIndex, from: string, to: string): NormalizerGraphWhyResponse {
  const start = targetOf(index, from);
  const [source] = start.nodes;
  if (start.kind !== 'module' || source === undefined) throw Fault.permanent('not-found', `'${from}' is a package; give the path of a module to start from`);
  const target = targetOf(index, to);
  return { from: start.name, to: target.name, kind: target.kind, way: wayTo(index, source, target.nodes) };
}

// From the target against the direction of the imports, so that each node met knows the step that leads on.
function wayTo(index: GraphIndex, source: number, targets: readonly number[]): Step[] | null {
  const { offsets, neighbours, edges } = index.dependents;
  const stepTo = new Map<number, { node: number; edge: number } | null>(targets.map((node) => [node, null]));
  for (let frontier: readonly number[] = targets; frontier.length > 0 && !stepTo.has(source); ) {
    const next: number[] = [];
    for (const node of frontier) {
      for (let place = offsets[node] ?? 0; place < (offsets[node + 1] ?? 0); place++) {
        const dependent = neighbours[place] ?? 0;
        if (stepTo.has(dependent)) continue;
        stepTo.set(dependent, { node, edge: edges[place] ?? 0 });
        next.push(dependent);
      }
    }
    frontier = next.sort((a, b) => a - b);
  }
  return stepTo.has(source) ? stepsFrom(index, source, stepTo) : null;
}

function stepsFrom(index: GraphIndex, source: number, stepTo: ReadonlyMap<number, { node: number; edge: number } | null>): Step[] {
  const steps: Step[] = [{ node: nameOf(index, source), by: null, line: null }];
  for (let step = stepTo.get(source); step != null; step = stepTo.get(step.node)) {
    steps.push({ node: nameOf(index, step.node), by: index.by[step.edge] ?? null, line: index.lines[step.edge] || null });
  }
  return steps;
}

const nameOf = ({ modules, packages }: GraphIndex, node: number): string => modules[node] ?? packages[node - modules.length]?.purl ?? '';
