import { createHash } from 'node:crypto';
import type { ProjectGraph } from '@granary/contracts';
import { dependenciesOfGraph, unreadManifests, type Component } from './sbom-graph';

const ROOT = 'SPDXRef-Repository';

/**
 * The graph as an SPDX 2.3 document (ISO/IEC 5962 and its successor; JSON form): packages with their package URL as
 * external reference, and who depends on whom. Licences are not claimed: manifests as git has them rarely prove them.
 * The same graph gives the same bytes.
 * @param graphHash `sha256:…` of the canonical graph
 */
export function toSpdx(graph: ProjectGraph, graphHash: string): object {
  const { repository, commit, committedAt } = graph;
  const { components, dependsOn } = dependenciesOfGraph(graph, ROOT);
  const idOf = (ref: string): string => (ref === ROOT ? ROOT : `SPDXRef-Package-${createHash('sha256').update(ref).digest('hex').slice(0, 32)}`);
  const gaps = gapsOf(graph);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: repository.name,
    documentNamespace: `urn:granary:sbom:${repository.id}:${commit}:${graphHash.slice('sha256:'.length)}`,
    creationInfo: {
      // Without fractions of a second, as the specification wants it (6.9).
      created: committedAt.replace(/\.\d+Z$/, 'Z'),
      creators: ['Tool: granary'],
      ...(gaps.length === 0 ? {} : { comment: `Incomplete: ${gaps.join('; ')}.` }),
    },
    documentDescribes: [ROOT],
    packages: [
      { SPDXID: ROOT, name: repository.name, versionInfo: commit, downloadLocation: 'NOASSERTION', filesAnalyzed: false, primaryPackagePurpose: 'APPLICATION', licenseConcluded: 'NOASSERTION', licenseDeclared: 'NOASSERTION', copyrightText: 'NOASSERTION' },
      ...components.map((component) => packageOf(component, idOf(component.purl))),
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ROOT },
      ...[...dependsOn].flatMap(([ref, targets]) => targets.map((to) => ({ spdxElementId: idOf(ref), relationshipType: 'DEPENDS_ON', relatedSpdxElement: idOf(to) }))),
    ],
  };
}

function gapsOf(graph: ProjectGraph): string[] {
  const { missingLocks, tier } = graph.completeness;
  const unread = unreadManifests(graph).length;
  return [
    ...(missingLocks.length === 0 ? [] : [`folders with dependencies and no lock file: ${missingLocks.length}`]),
    ...(unread === 0 ? [] : [`manifests or lock files that could not be read: ${unread}`]),
    ...(tier < 3 ? [] : ['only a light scan was possible']),
  ];
}

function packageOf({ purl, group, name, version, scope, direct }: Component, id: string): object {
  return {
    SPDXID: id,
    name: group === null ? name : `${group}${purl.startsWith('pkg:maven/') ? ':' : '/'}${name}`,
    ...(version === null ? {} : { versionInfo: version }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
    comment: `${direct ? 'direct' : 'transitive'}, ${scope}`,
  };
}
