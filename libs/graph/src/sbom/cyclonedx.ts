import { createHash } from 'node:crypto';
import type { ProjectGraph } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { dependenciesOfGraph, unreadManifests } from './sbom-graph';

/**
 * The graph as a CycloneDX 1.6 document (ECMA-424, bom-1.6.schema.json): packages as components with their package URL,
 * who depends on whom, AI providers as services. The same graph gives the same bytes: the serial number comes from the
 * graph's hash, the time from the commit.
 * @param graphHash `sha256:…` of the canonical graph
 */
export function toCycloneDx(graph: ProjectGraph, graphHash: string): object {
  const { repository, commit, committedAt, nodes } = graph;
  const root = `repository:${repository.id}`;
  const { components, dependsOn } = dependenciesOfGraph(graph, root);
  const unread = unreadManifests(graph);
  const isComplete = graph.completeness.missingLocks.length === 0 && unread.length === 0 && graph.completeness.tier < 3;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(graphHash)}`,
    version: 1,
    metadata: {
      timestamp: committedAt,
      tools: { components: [{ type: 'application', name: 'granary' }] },
      component: { type: 'application', 'bom-ref': root, name: repository.name, version: commit },
      properties: [
        { name: 'granary:graph', value: graphHash },
        { name: 'granary:completeness:tier', value: String(graph.completeness.tier) },
        { name: 'granary:completeness:missing-locks', value: String(graph.completeness.missingLocks.length) },
        { name: 'granary:completeness:unread-manifests', value: String(unread.length) },
      ],
    },
    components: components.map(({ purl, name, group, version, scope, direct }) => ({
      type: 'library',
      'bom-ref': purl,
      ...(group === null ? {} : { group }),
      name,
      ...(version === null ? {} : { version }),
      scope: scope === 'runtime' || scope === 'peer' ? 'required' : scope === 'optional' ? 'optional' : 'excluded',
      purl,
      properties: [{ name: 'granary:direct', value: String(direct) }, { name: 'granary:scope', value: scope }],
    })),
    ...(nodes.aiProviders.length === 0 ? {} : { services: nodes.aiProviders.map((provider) => serviceOf(graph, provider)) }),
    dependencies: [...dependsOn]
      .map(([ref, targets]) => (ref === root ? [ref, [...targets, ...nodes.aiProviders.map((provider) => `ai:${provider}`)]] as const : ([ref, targets] as const)))
      .map(([ref, targets]) => ({ ref, ...(targets.length === 0 ? {} : { dependsOn: [...targets].sort(byCodeUnit) }) })),
    compositions: [{ aggregate: isComplete ? 'complete' : 'incomplete', dependencies: [root] }],
  };
}

function serviceOf({ edges }: ProjectGraph, provider: string): object {
  const uses = edges.callsAI.filter(({ to }) => to === provider);
  // Building a client asks no model, as in the posture and in the counts of a harvest; the model it is built for is used all the same.
  const calls = uses.filter(({ operation }) => operation !== 'client');
  const models = [...new Set(uses.flatMap(({ model }) => model ?? []))].sort(byCodeUnit);
  return {
    'bom-ref': `ai:${provider}`,
    name: provider,
    properties: [
      { name: 'granary:ai:calls', value: String(calls.length) },
      { name: 'granary:ai:unguarded', value: String(calls.filter(({ guarded }) => guarded === 'no').length) },
      ...models.map((value) => ({ name: 'granary:ai:model', value })),
    ],
  };
}

/** A UUID (version 8, RFC 9562) made of a hash: the same hash, the same UUID. */
function uuidOf(hash: string): string {
  const bytes = createHash('sha256').update(`cyclonedx ${hash}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
