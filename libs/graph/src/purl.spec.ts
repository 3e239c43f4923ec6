import { npmPurl, withoutVersion } from './purl';

it.each([
  { name: 'lodash', version: '4.17.21', purl: 'pkg:npm/lodash@4.17.21' },
  { name: 'lodash', version: null, purl: 'pkg:npm/lodash' },
  { name: '@scope/name', version: '1.2.3', purl: 'pkg:npm/%40scope/name@1.2.3' },
  { name: '@scope/name', version: null, purl: 'pkg:npm/%40scope/name' },
  { name: 'JSONStream', version: '1.3.5', purl: 'pkg:npm/JSONStream@1.3.5' },
  { name: 'a', version: '1.0.0-beta.1+build.5', purl: 'pkg:npm/a@1.0.0-beta.1%2Bbuild.5' },
  { name: 'a', version: 'git+ssh://git@host/a.git#1', purl: 'pkg:npm/a@git%2Bssh:%2F%2Fgit%40host%2Fa.git%231' },
  { name: "o'neill(*)!", version: null, purl: 'pkg:npm/o%27neill%28%2A%29%21' },
  { name: 'žluť', version: null, purl: 'pkg:npm/%C5%BElu%C5%A5' },
])('$name $version is $purl', ({ name, version, purl }) => {
  expect(npmPurl(name, version)).toBe(purl);
  expect(withoutVersion(purl)).toBe(npmPurl(name, null));
});
