import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repository, rpcExamples } from '@granary/contracts';
import { toCycloneDx, toSpdx } from '@granary/graph';
import { exampleGraph, serveGraph } from '../../test/example-graph';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const [{ repositoryId, name }] = rpcExamples['harvester.repository.list'].response.repositories as [Repository];
const graph = exampleGraph();
const { commit } = graph;
let hash: string;
beforeEach(() => {
  hash = serveGraph(used.platform, Buffer.from(JSON.stringify(graph)));
});

it('is CycloneDX, of the newest graph, the same with and without --json', async () => {
  const shown = await used.run(`sbom ${name}`);

  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(json(shown)).toEqual(toCycloneDx(graph, hash));
  expect((await used.run(`sbom ${name} --json`)).stdout).toBe(shown.stdout);
  expect(used.requests('normalizer.graph.summary')[0]).toEqual({ repository: repositoryId });
});

it('is SPDX of a commit, in a file with the same bytes', async () => {
  const shown = await used.run(`sbom ${name} --format spdx --commit ${commit}`);
  const written = await used.run(`sbom ${name} --format spdx --output bom.json --json`);

  expect(json(shown)).toEqual(toSpdx(graph, hash));
  expect(used.requests('normalizer.graph.summary')[0]).toEqual({ repository: repositoryId, commit });
  expect(json(written)).toEqual({ format: 'spdx', file: join(used.home, 'bom.json'), bytes: Buffer.byteLength(shown.stdout) });
  expect(readFileSync(join(used.home, 'bom.json'), 'utf8')).toBe(shown.stdout);
});

it('says what it lacks', async () => {
  serveGraph(used.platform, Buffer.from(JSON.stringify({ ...graph, completeness: { ...graph.completeness, missingLocks: ['.'] } })));

  expect(await used.run(`sbom ${name}`)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^One folder has dependencies without a lock file/) });
  expect(await used.run(`sbom ${name} --json`)).toMatchObject({ code: 0, stderr: '' });
});

it('is refused in other formats, and of graphs that this granary does not know', async () => {
  expect(await used.run(`sbom ${name} --format swid`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("'swid' is not allowed here; use one of cyclonedx, spdx") });
  serveGraph(used.platform, Buffer.from('{"version":9}'));
  expect(await used.run(`sbom ${name}`)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Harvest the repository again with `granary harvest <repo> --wait`') });
});
