import { npmPurl, purlOf, withoutVersion } from './purl';

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

it.each([
  { ecosystem: 'npm', name: '@a/b', version: '1.0.0', purl: 'pkg:npm/%40a/b@1.0.0' },
  { ecosystem: 'pypi', name: 'Flask_SQL.Alchemy', version: '3.0', purl: 'pkg:pypi/flask-sql-alchemy@3.0' },
  { ecosystem: 'golang', name: 'github.com/BurntSushi/toml', version: 'v1.3.2', purl: 'pkg:golang/github.com/burntsushi/toml@v1.3.2' },
  { ecosystem: 'golang', name: 'example.com/a/v2', version: 'v2.0.0+incompatible', purl: 'pkg:golang/example.com/a/v2@v2.0.0%2Bincompatible' },
  { ecosystem: 'maven', name: 'org.apache.commons:commons-lang3', version: '3.14.0', purl: 'pkg:maven/org.apache.commons/commons-lang3@3.14.0' },
  { ecosystem: 'cargo', name: 'serde_json', version: null, purl: 'pkg:cargo/serde_json' },
  { ecosystem: 'nuget', name: 'Newtonsoft.Json', version: '13.0.1', purl: 'pkg:nuget/Newtonsoft.Json@13.0.1' },
])('$name of $ecosystem is $purl', ({ ecosystem, name, version, purl }) => {
  expect(purlOf(ecosystem, name, version)).toBe(purl);
});
