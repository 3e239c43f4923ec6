import { readPackageManifest } from './package-manifest';
import { segmentMatches, workspaceMembers } from './workspaces';

const members = (workspaces: string[], ...folders: string[]): string[] => {
  const manifests = [readPackageManifest('package.json', { workspaces }), ...folders.map((folder) => readPackageManifest(`${folder}/package.json`, {}))];
  return [...workspaceMembers(manifests)];
};

it.each([
  { workspaces: ['packages/*'], folders: ['packages/a', 'packages/a/b', 'other'], found: ['packages/a'] },
  { workspaces: ['./packages/*/'], folders: ['packages/a'], found: ['packages/a'] },
  { workspaces: ['packages/**'], folders: ['packages/a', 'packages/a/b', 'other'], found: ['packages/a', 'packages/a/b'] },
  { workspaces: ['**/lib'], folders: ['lib', 'x/y/lib', 'x/lib/y'], found: ['lib', 'x/y/lib'] },
  { workspaces: ['a', 'b/c'], folders: ['a', 'b', 'b/c'], found: ['a', 'b/c'] },
  { workspaces: ['packages/*', '!packages/internal-*'], folders: ['packages/a', 'packages/internal-a'], found: ['packages/a'] },
  { workspaces: [], folders: ['a'], found: [] },
])('$workspaces', ({ workspaces, folders, found }) => {
  expect(members(workspaces, ...folders)).toEqual(found);
});

it.each([
  { pattern: 'abc', name: 'abc', is: true },
  { pattern: 'abc', name: 'abcd', is: false },
  { pattern: '*', name: 'anything', is: true },
  { pattern: 'a*', name: 'ba', is: false },
  { pattern: '*-lib', name: 'my-lib', is: true },
  { pattern: 'ab*ba', name: 'aba', is: false },
  { pattern: 'a*b*c', name: 'a-b-b-c', is: true },
  { pattern: 'a*b*c', name: 'a-c', is: false },
  { pattern: 'a*b*b', name: 'ab', is: false },
])('$pattern and $name: $is', ({ pattern, name, is }) => {
  expect(segmentMatches(pattern, name)).toBe(is);
});

it('takes no longer for a pattern that is made to take long', () => {
  const begun = performance.now();
  expect(segmentMatches(`${'a*'.repeat(100)}b`, 'a'.repeat(250))).toBe(false);
  expect(members([`${'**/*a*/'.repeat(20)}b`], 'a/'.repeat(50).slice(0, -1))).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
