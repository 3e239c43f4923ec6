import type { FactManifest, FactModule, FactPack, ProjectGraph } from '@granary/contracts';
import { extractorById, scan } from '@granary/extract';
import { normalize } from '../src/normalize/normalize';
import { blobOf, factsOf } from './facts';

/** Files as they lie in a repository: text by path. */
export type Sources = Readonly<Record<string, string>>;

/** The graph of files that are written out, as the harvest would read them, for tests. */
export const graphOfSources = (sources: Sources): ProjectGraph => normalize(factsOfSources(sources));

/** The fact pack of files that are written out, for tests. */
export function factsOfSources(sources: Sources): FactPack {
  const facts = Object.entries(sources).map(([path, text]) => factsRead(path, text));
  return factsOf({}, {
    files: facts.map(({ file }) => file),
    modules: facts.flatMap(({ module }) => module ?? []),
    manifests: facts.flatMap(({ manifest }) => manifest ?? []),
  });
}

/** What the imports of a file lead to: paths, purls and built-ins, and `? x` for what leads nowhere. Each once, sorted. */
export function linksOf(from: string, sources: Sources): string[] {
  const { edges, completeness } = graphOfSources(sources);
  const led = [...edges.imports, ...edges.uses].filter((edge) => edge.from === from).map(({ to }) => to);
  const nowhere = completeness.unresolved.filter((one) => one.from === from).map(({ specifier }) => `? ${specifier}`);
  return [...new Set([...led, ...nowhere])].sort();
}

/** The entry points of a graph, one a line. */
export const entrypointsOfSources = (sources: Sources): string[] => graphOfSources(sources).nodes.entrypoints.map(({ kind, name, path }) => `${kind} ${name}: ${path}`);

// Property tests read the same few texts thousands of times. Each gets objects of its own, as from a store.
const read = new Map<string, string>();
function factsRead(path: string, text: string): FactsOfFile {
  const key = JSON.stringify([path, text]);
  let facts = read.get(key);
  if (facts === undefined) read.set(key, (facts = JSON.stringify(factOf(path, text))));
  return JSON.parse(facts) as FactsOfFile;
}

interface FactsOfFile {
  file: FactPack['files'][number];
  module: FactModule | null;
  manifest: FactManifest | null;
}

function factOf(path: string, text: string): FactsOfFile {
  const blob = blobOf(path);
  const { language, wants } = scan({ path, utf8: true, type: 'file', blob, bytes: text.length }, '');
  const extractor = extractorById(wants?.key.extractor ?? '');
  const file = { path, blob, bytes: text.length, language, skipped: null, tier: 2 as const };
  if (!wants || extractor === undefined || wants.key.kind === 'text') return { file, module: null, manifest: null };
  const [pathClass = ''] = wants.key.pathClass.split('/');
  const body = extractor.extract(text, pathClass).body as object;
  if (wants.key.kind === 'module') return { file, module: { path, blob, ...body } as FactModule, manifest: null };
  return { file, module: null, manifest: { path, kind: pathClass, ...body } as FactManifest };
}
