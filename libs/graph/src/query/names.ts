import type { GraphDependency, NormalizerGraphSearchResponse, ProjectGraph } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { withoutVersion } from '../purl';
import { dependenciesIn } from '../compare/dependency-states';

export type NameKind = NormalizerGraphSearchResponse['matches'][number]['kind'];

/** A name that a graph can be searched for. Of packages it also says how they are used, of publications which version they have. */
export interface Name {
  kind: NameKind;
  name: string;
  /** Of packages and publications: the package URL without its version. */
  packageName: string | null;
  version: string | null;
  scope: GraphDependency['scope'] | null;
  direct: boolean | null;
}

const plain = (kind: NameKind, name: string): Name => ({ kind, name, packageName: null, version: null, scope: null, direct: null });

/** Everything in a graph that has a name, each once. */
export function namesOf(graph: ProjectGraph): Name[] {
  const { modules, entrypoints, publishes, aiProviders } = graph.nodes;
  return unique([
    ...modules.map(({ path }) => plain('module', path)),
    ...[...dependenciesIn(graph).values()].map(({ purl, version, scope, direct }): Name => ({ kind: 'package', name: purl, packageName: withoutVersion(purl), version, scope, direct })),
    ...entrypoints.map(({ name }) => plain('entrypoint', name)),
    ...publishes.map(({ purl, version }): Name => ({ kind: 'publication', name: purl, packageName: purl, version, scope: null, direct: null })),
    ...aiProviders.map((provider) => plain('ai-provider', provider)),
  ]);
}

function unique(names: readonly Name[]): Name[] {
  return [...new Map(names.map((name) => [keyOf(name), name])).values()];
}

const keyOf = ({ kind, name }: Name): string => `${kind}\n${name}`;

/** How the names of a repository change: what is to be written, and what is to go. */
export interface NameChanges { written: Name[]; removed: { kind: NameKind; name: string }[] }

/** The difference between the names of two graphs; all names, when there was no graph before. */
export function nameChanges(before: ProjectGraph | null, after: ProjectGraph): NameChanges {
  const old = new Map((before === null ? [] : namesOf(before)).map((name) => [keyOf(name), name]));
  const now = new Map(namesOf(after).map((name) => [keyOf(name), name]));
  return {
    written: [...now].filter(([key, name]) => !isSame(old.get(key), name)).map(([, name]) => name),
    removed: [...old].filter(([key]) => !now.has(key)).map(([, { kind, name }]) => ({ kind, name })).sort((a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name)),
  };
}

const isSame = (a: Name | undefined, b: Name): boolean => a !== undefined && a.version === b.version && a.scope === b.scope && a.direct === b.direct;
