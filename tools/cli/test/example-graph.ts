import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { type ProjectGraph, rpcExamples } from '@granary/contracts';
import type { ExamplePlatform } from './example-platform';

const { repositoryId, name, commit } = rpcExamples['normalizer.graph.summary'].response;

/** A small graph: two modules of which one imports the other, and a package. */
export function exampleGraph(): ProjectGraph {
  return {
    version: 1,
    repository: { id: repositoryId, name },
    commit,
    committedAt: '2026-03-02T09:13:30.000Z',
    nodes: {
      modules: ['main.ts', 'src/a.ts'].map((path) => ({ path, language: 'typescript', blob: '0'.repeat(40), bytes: 3 })),
      packages: [{ purl: 'pkg:npm/lodash@4.17.21', name: 'lodash', version: '4.17.21' }],
      entrypoints: [], publishes: [], submodules: [], aiProviders: [], findings: [],
    },
    edges: {
      imports: [{ from: 'main.ts', to: 'src/a.ts', kind: 'static', line: 1 }],
      dependsOn: [{ from: '.', to: 'pkg:npm/lodash@4.17.21', scope: 'runtime', direct: true, range: '^4.17.0' }],
      uses: [], callsAI: [],
    },
    languages: [],
    cycles: [],
    completeness: { tier: 2, tierReasons: [], unresolved: [], skipped: [], missingLocks: [], light: [] },
  };
}

/** Lets the normalizer answer with a graph of this content, in pieces of a hundred bytes. Returns its hash. */
export function serveGraph(platform: ExamplePlatform, content: Buffer): string {
  const stored = zstdCompressSync(content);
  const hash = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const graph = { digest: hash, bytes: content.length, mediaType: 'application/vnd.granary.graph+json;version=1' };
  platform.answer('normalizer.graph.summary', () => ({ ...rpcExamples['normalizer.graph.summary'].response, graph, graphHash: hash }));
  platform.answer('normalizer.artifact.read', ({ digest, offset }) => ({ digest, bytes: content.length, storedBytes: stored.length, encoding: 'zstd', offset, chunk: stored.subarray(offset, offset + 100).toString('base64') }));
  return hash;
}
