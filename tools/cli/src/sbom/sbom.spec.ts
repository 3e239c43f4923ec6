import type { ProjectGraph } from '@granary/contracts';
import { exampleGraph } from '../../test/example-graph';
import { renderSbom, sbomWarning } from './sbom';

const hash = `sha256:${'ab'.repeat(32)}`;
const graph: ProjectGraph = exampleGraph();

it('is CycloneDX or SPDX, the same bytes each time, without characters that a terminal obeys', () => {
  expect(JSON.parse(renderSbom('cyclonedx', graph, hash))).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  expect(JSON.parse(renderSbom('spdx', graph, hash))).toMatchObject({ spdxVersion: 'SPDX-2.3' });
  const named = { ...graph, repository: { ...graph.repository, name: 'a\u009bb' } };
  expect(renderSbom('spdx', named, hash)).toBe(renderSbom('spdx', structuredClone(named), hash));
  expect(renderSbom('cyclonedx', named, hash)).toMatch(/^\{\n {2}[^\u009b]*a\\u009bb[^\u009b]*\n\}\n$/);
});

it.each([[[], null], [['web'], 'One folder has dependencies without a lock file'], [['web', 'api'], '2 folders have dependencies without a lock file']])('says what is missing with %j', (missingLocks, warning) => {
  const found = sbomWarning({ ...graph, completeness: { ...graph.completeness, missingLocks } });
  expect(found === null ? null : found.slice(0, warning?.length)).toBe(warning);
});

it.each([
  [['docs/pom.xml'], /^docs\/pom\.xml could not be read, .*completeness\.skipped\.$/],
  [['a\u001b[31m/package.json', 'go.mod', 'src/a.ts'], /^2 manifests or lock files, a\?\[31m\/package\.json among them, could not be read, /],
])('names manifests that could not be read: %j', (paths, warning) => {
  const skipped = paths.map((path) => ({ path, reason: 'nested too deeply' }));
  expect(sbomWarning({ ...graph, completeness: { ...graph.completeness, missingLocks: [], skipped } })).toMatch(warning);
});
