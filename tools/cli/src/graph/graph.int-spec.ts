import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repository, rpcExamples } from '@granary/contracts';
import { exampleGraph, serveGraph } from '../../test/example-graph';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [repository] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const commit = '9fceb02d0ae598e95dc970b74767f19372d61af8';

describe('graph', () => {
  const content = Buffer.from(JSON.stringify(exampleGraph()));

  beforeEach(() => {
    serveGraph(used.platform, content);
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

  it('is not written where that is not possible', async () => {
    expect(await used.run(`graph show ${repository.name} --output nowhere/graph.json`)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/nowhere\/graph\.json cannot be written: [^]*Give --output a file in a folder that exists/) });
  });

  it('is not taken when it is damaged or unknown', async () => {
    used.platform.answer('normalizer.artifact.read', ({ digest, offset }) => ({ digest, bytes: content.length, storedBytes: 5, encoding: 'zstd', offset, chunk: Buffer.from('wrong').toString('base64') }));
    expect(await used.run(`graph show ${repository.name}`)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/is damaged: [^]*Harvest the repository again/) });

    serveGraph(used.platform, Buffer.from('{"version":9}'));
    expect(await used.run(`graph show ${repository.name} --format dot`)).toMatchObject({ code: 1, stderr: expect.stringContaining('made by another version of Granary') });
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
