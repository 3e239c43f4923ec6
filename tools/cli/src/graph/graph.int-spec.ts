import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { type Repository, rpcExamples } from '@granary/contracts';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const commit = '9fceb02d0ae598e95dc970b74767f19372d61af8';

describe('graph', () => {
  const graph = {
    version: 1, repository: { id: repository.repositoryId, name: 'granary' }, commit,
    nodes: { modules: ['main.ts', 'src/a.ts'].map((path) => ({ path, language: 'typescript', blob: '0'.repeat(40), bytes: 3 })), packages: [], entrypoints: [] },
    edges: { imports: [{ from: 'main.ts', to: 'src/a.ts', kind: 'static', line: 1 }], dependsOn: [], uses: [] },
    languages: [], cycles: [], completeness: { tier: 2, tierReasons: [], unresolved: [], skipped: [], missingLocks: [] },
  };
  const content = Buffer.from(JSON.stringify(graph));
  const stored = zstdCompressSync(content);
  const ref = { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, bytes: content.length, mediaType: 'application/vnd.granary.graph+json;version=1' };

  beforeEach(() => {
    used.platform.answer('normalizer.graph.summary', () => ({ ...rpcExamples['normalizer.graph.summary'].response, graph: ref }));
    used.platform.answer('normalizer.artifact.read', ({ digest, offset }) => ({ digest, bytes: ref.bytes, storedBytes: stored.length, encoding: 'zstd', offset, chunk: stored.subarray(offset, offset + 100).toString('base64') }));
  });

  it('is read in pieces and printed as it is', async () => {
    const shown = await used.run(`graph show ${repository.name}`);

    expect(shown).toMatchObject({ code: 0, stdout: `${content.toString()}\n` });
    expect(used.requests('normalizer.artifact.read').length).toBeGreaterThan(2);
    expect((await used.run(`graph show ${repository.name} --json --commit ${commit}`)).stdout).toBe(`${content.toString()}\n`);
    expect(used.requests('normalizer.graph.summary').at(-1)).toEqual({ repository: repository.repositoryId, commit });
  });

  it('is drawn', async () => {
    expect((await used.run(`graph show ${repository.name} --format dot`)).stdout).toContain('"main.ts" -> "src/a.ts";');
    expect(json(await used.run(`graph show ${repository.name} --format mermaid --json`))).toEqual({ format: 'mermaid', text: expect.stringContaining('m1 --> m0') });
    expect((await used.run(`graph show ${repository.name} --format mermaid --under src`)).stdout).not.toContain('main.ts');
  });

  it('is written to a file', async () => {
    const written = await used.run(`graph show ${repository.name} --format dot --output graph.dot`);

    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining(`to ${join(used.home, 'graph.dot')}`) });
    expect(readFileSync(join(used.home, 'graph.dot'), 'utf8')).toContain('digraph "granary" {');
  });

  it.each([['--format png', 2, "'png' is not allowed here"], ['--under src', 2, '--under is for drawings'], ['--format dot --under lib', 4, "no file below 'lib'"]])('%p is refused', async (options, code, message) => {
    expect(await used.run(`graph show ${repository.name} ${options}`)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('is not taken when it is damaged or unknown', async () => {
    used.platform.answer('normalizer.artifact.read', ({ digest, offset }) => ({ digest, bytes: ref.bytes, storedBytes: 5, encoding: 'zstd', offset, chunk: Buffer.from('wrong').toString('base64') }));
    expect(await used.run(`graph show ${repository.name}`)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/is damaged: [^]*Harvest the repository again/) });

    const other = Buffer.from('{"version":9}');
    const packed = zstdCompressSync(other);
    const otherRef = { ...ref, digest: `sha256:${createHash('sha256').update(other).digest('hex')}`, bytes: other.length };
    used.platform.answer('normalizer.graph.summary', () => ({ ...rpcExamples['normalizer.graph.summary'].response, graph: otherRef }));
    used.platform.answer('normalizer.artifact.read', ({ digest, offset }) => ({ digest, bytes: other.length, storedBytes: packed.length, encoding: 'zstd', offset, chunk: packed.toString('base64') }));
    expect(await used.run(`graph show ${repository.name} --format dot`)).toMatchObject({ code: 1, stderr: expect.stringContaining('This graph cannot be drawn') });
  });

  it('knows dependents', async () => {
    const found = await used.run(`graph dependents ${repository.name} src/b.ts --transitive`);

    expect(found).toMatchObject({ code: 0, stdout: expect.stringContaining('depend') });
    expect(used.requests('normalizer.graph.dependents')).toEqual([{ repository: repository.repositoryId, target: 'src/b.ts', transitive: true }]);
    expect(json(await used.run(`graph dependents ${repository.name} src/b.ts --json`))).toEqual(rpcExamples['normalizer.graph.dependents'].response);
  });

  it('knows cycles', async () => {
    expect(await used.run(`graph cycles ${repository.name}`)).toMatchObject({ code: 0, stdout: expect.stringContaining('cycle 1') });
    expect(json(await used.run(`graph cycles ${repository.name} --json`))).toEqual(rpcExamples['normalizer.graph.cycles'].response);
  });
});
