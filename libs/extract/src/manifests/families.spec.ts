import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { problemsOf } from '../../test/manifests';
import { cargo } from './cargo/cargo';
import { manifestFamilies } from './families';
import type { ManifestFamily, ManifestKind } from './family';
import { readManifest } from './family';
import { git } from './git/gitmodules';
import { go } from './go/go';
import { maven } from './maven/maven';
import { npm } from './npm/manifests';
import { nuget } from './nuget/nuget';
import { pnpm } from './pnpm/pnpm';
import { python } from './python/python';
import { yarn } from './yarn/yarn';

const families: readonly ManifestFamily[] = [npm, pnpm, yarn, python, go, cargo, maven, nuget, git];
const kinds = families.flatMap((family) => (Object.keys(family.readers) as ManifestKind[]).map((kind) => ({ family, kind })));

it.each([
  ['Cargo.toml', 'Cargo.toml'], ['crates/a/Cargo.lock', 'Cargo.lock'], ['go.mod', 'go.mod'], ['go.work', 'go.work'], ['go.sum', null],
  ['pom.xml', 'pom.xml'], ['src/App/App.csproj', 'csproj'], ['a.fsproj', 'csproj'], ['Directory.Packages.props', 'csproj'], ['packages.lock.json', 'packages.lock.json'],
  ['pyproject.toml', 'pyproject.toml'], ['setup.cfg', 'setup.cfg'], ['Pipfile', 'Pipfile'], ['Pipfile.lock', 'Pipfile.lock'], ['poetry.lock', 'poetry.lock'], ['uv.lock', 'uv.lock'],
  ['requirements.txt', 'requirements.txt'], ['requirements-dev.txt', 'requirements.txt'], ['dev-requirements.txt', 'requirements.txt'], ['requirements.in', 'requirements.txt'],
  ['requirements/base.txt', 'requirements.txt'], ['docs/requirements/base.txt', 'requirements.txt'], ['constraints.txt', 'constraints.txt'], ['requirements/constraints.txt', 'constraints.txt'],
  ['my_requirements.md', null], ['.gitmodules', 'gitmodules'], ['constructor', null], ['README.txt', null],
])('%s is read as %s', (path, kind) => {
  expect(manifestFamilies.map((family) => family.classOf(path)).find((found) => found !== null) ?? null).toBe(kind);
});

it('lock files may be larger than what people write', () => {
  const family = manifestFamilies.find(({ classOf }) => classOf('uv.lock') !== null);
  expect([family?.maxBytes('uv.lock'), family?.maxBytes('pyproject.toml')]).toEqual([20_000_000, 2_000_000]);
});

const NASTY = [
  '', '\ufeff', '\0', '{}', '[]', 'null', '""', '<', '<project/>', '<Project/>', '<project><a></project>', '---\n- &a [*a]\n', '{"__proto__":{"a":1}}', '[__proto__]\na = 1\n',
  '<project><__proto__><a>1</a></__proto__><dependencies><dependency><groupId>__proto__</groupId><artifactId>constructor</artifactId></dependency></dependencies></project>',
  '<!DOCTYPE project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><project><artifactId>&c;&c;&c;</artifactId></project>',
  '{"dependencies":'.repeat(5_000), `a = ${'['.repeat(5_000)}`, '<project>'.repeat(5_000), `<project>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</project>`, `${'- '.repeat(5_000)}a`,
  'dependencies = "s3cret"\nproject = 1\ntool = []\npackage = 3\n', `[dependencies]\n"${'a'.repeat(5_000)}" = "1"\n`, `lockfileVersion: '9.0'\nsnapshots:\n  ${'a'.repeat(5_000)}@1:\n    dependencies:\n      b: ${'c'.repeat(5_000)}\n`,
];

describe.each(kinds)('$kind', ({ family, kind }) => {
  it.each(NASTY)('keeps its contract whatever it is given: %#', (source) => {
    const fact = readManifest(family, kind, source);
    expect({ problems: problemsOf(kind, fact), tells: fact.error?.includes('s3cret') ?? false, polluted: 'a' in {} }).toEqual({ problems: [], tells: false, polluted: false });
  });

  const seed = Date.now() % 2 ** 31;

  it(`keeps its contract for any text (seed ${seed})`, () => {
    const words = fc.constantFrom('[package]\n', '[[package]]\n', 'name = "a"\n', 'dependencies = [\n', ']\n', ' "a 1",\n', 'require (\n', ')\n', '\ta v1\n', '  a:\n', '    b: 1\n', 'a@^1:\n', '-r x\n', 'a==1 \\\n', '# via b\n', '"', "'", '\n', '\\', '<a>', '</a>', '{', '}', ':', 'packages:\n', 'importers:\n', "lockfileVersion: '9.0'\n", '? a\n', ': b\n', '__proto__');
    const text = fc.oneof(fc.string({ maxLength: 200 }), fc.array(words, { maxLength: 40 }).map((parts) => parts.join('')));
    fc.assert(fc.property(text, (source) => problemsOf(kind, readManifest(family, kind, source)).length === 0), { seed, numRuns: 40 * TIMES });
  });
});
