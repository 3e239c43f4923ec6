import type { GraphDependency, ProjectGraph } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import { factsOf } from '../../test/facts';
import { manifestsOf } from '../../test/texts';
import { normalize } from './normalize';

type Texts = Readonly<Record<string, string>>;

const graphOf = (texts: Texts, modules: Readonly<Record<string, readonly string[]>> = {}): ProjectGraph => normalize({ ...factsOf(modules), manifests: manifestsOf(texts) });

/** The edges as `from scope(range) => to`, `->` where no manifest asks itself. */
const edgesOf = ({ edges }: ProjectGraph): string[] => edges.dependsOn.map(({ from, scope, range, direct, to }: GraphDependency) => `${from} ${scope}(${range ?? ''}) ${direct ? '=>' : '->'} ${to}`);

const packageJson = (content: object): string => JSON.stringify(content);
const pom = (inner: string): string => `<project>${inner}</project>`;
const dependency = (name: string, more = ''): string => `<dependency><groupId>g</groupId><artifactId>${name}</artifactId>${more}</dependency>`;

interface Example { says: string; texts: Texts; edges: readonly string[]; missing?: readonly string[] }

const examples: Readonly<Record<string, readonly Example[]>> = {
  pnpm: [
    {
      says: 'each workspace by what it got, links and all',
      texts: {
        'package.json': packageJson({ devDependencies: { a: 'catalog:' } }),
        'pnpm-workspace.yaml': 'packages: [packages/*]\ncatalog:\n  a: ^1.0.0\n',
        'packages/x/package.json': packageJson({ name: 'x', dependencies: { y: 'workspace:*', a: '^2.0.0', nick: 'npm:real@^3' } }),
        'packages/y/package.json': packageJson({ name: 'y' }),
        'pnpm-lock.yaml': `lockfileVersion: '9.0'\nimporters:\n  .:\n    devDependencies:\n      a:\n        specifier: 'catalog:'\n        version: 1.5.0\n  packages/x:\n    dependencies:\n      a:\n        specifier: ^2.0.0\n        version: 2.0.0(b@1.0.0)\n      nick:\n        specifier: npm:real@^3\n        version: real@3.0.0\n      y:\n        specifier: workspace:*\n        version: link:../y\n  packages/y: {}\npackages:\n  a@1.5.0:\n    resolution: {integrity: x}\n  a@2.0.0:\n    peerDependencies:\n      b: '*'\n  b@1.0.0: {}\n  real@3.0.0: {}\nsnapshots:\n  a@1.5.0: {}\n  a@2.0.0(b@1.0.0):\n    dependencies:\n      b: 1.0.0\n    optionalDependencies:\n      gone: 1.0.0\n  b@1.0.0: {}\n  real@3.0.0: {}\n`,
      },
      edges: ['. dev(^1.0.0) => pkg:npm/a@1.5.0', 'packages/x runtime(^2.0.0) => pkg:npm/a@2.0.0', 'packages/x runtime(npm:real@^3) => pkg:npm/real@3.0.0', 'pkg:npm/a@2.0.0 peer(*) -> pkg:npm/b@1.0.0'],
    },
    {
      says: 'a folder that the lock does not name has none',
      texts: { 'package.json': packageJson({ dependencies: { a: '1' } }), 'x/package.json': packageJson({ dependencies: { a: '1' } }), 'pnpm-lock.yaml': `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '1'\n        version: 1.0.0\nsnapshots:\n  a@1.0.0: {}\n` },
      edges: ['. runtime(1) => pkg:npm/a@1.0.0', 'x runtime(1) => pkg:npm/a'],
      missing: ['x'],
    },
  ],
  yarn: [
    {
      says: 'of yarn 1, found by range, also for workspaces',
      texts: {
        'package.json': packageJson({ workspaces: ['packages/*'], dependencies: { a: '^1', any: '', b: 'git+https://me:s3cret@host/b.git' } }),
        'packages/x/package.json': packageJson({ name: 'x', dependencies: { a: '^2', y: '1.0.0' } }),
        'packages/y/package.json': packageJson({ name: 'y', version: '1.0.0', dependencies: { forced: '^9' } }),
        'example/package.json': packageJson({ dependencies: { a: '^1' } }),
        'yarn.lock': '# yarn lockfile v1\n\na@^1:\n  version "1.9.0"\n\na@^2:\n  version "2.0.0"\n  dependencies:\n    c "*"\n\nany@*:\n  version "4.0.0"\n\n"b@git+https://me:s3cret@host/b.git":\n  version "0.1.0"\n\nc@*:\n  version "3.0.0"\n\nforced@8.0.0:\n  version "8.0.0"\n',
      },
      edges: [
        '. runtime(^1) => pkg:npm/a@1.9.0', '. runtime(*) => pkg:npm/any@4.0.0', '. runtime(git+https://host/b.git) => pkg:npm/b@0.1.0', 'example runtime(^1) => pkg:npm/a',
        'packages/x runtime(^2) => pkg:npm/a@2.0.0', 'packages/y runtime(^9) => pkg:npm/forced@8.0.0', 'pkg:npm/a@2.0.0 runtime(*) -> pkg:npm/c@3.0.0',
      ],
      missing: ['example'],
    },
    {
      says: 'of a later yarn, found by workspace',
      texts: {
        'package.json': packageJson({ name: 'root', workspaces: ['x'], dependencies: { a: '^1' } }),
        'x/package.json': packageJson({ name: 'x', dependencies: { root: 'workspace:*', a: '^1' } }),
        'yarn.lock': '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.2.0\n  resolution: "a@npm:1.2.0"\n  dependencies:\n    b: "npm:^2"\n\n"b@npm:^2":\n  version: 2.0.0\n  resolution: "b@npm:2.0.0"\n\n"root@workspace:*, root@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "root@workspace:."\n  dependencies:\n    a: "npm:^1"\n\n"x@workspace:x":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:x"\n  dependencies:\n    a: "npm:^1"\n    root: "workspace:*"\n',
      },
      edges: ['. runtime(^1) => pkg:npm/a@1.2.0', 'pkg:npm/a@1.2.0 runtime(npm:^2) -> pkg:npm/b@2.0.0', 'x runtime(^1) => pkg:npm/a@1.2.0'],
    },
  ],
  Python: [
    { says: 'ranges without a lock', texts: { 'requirements.txt': 'Django>=4\n' }, edges: ['. runtime(>=4) => pkg:pypi/django'], missing: ['.'] },
    { says: 'pinned ranges need none', texts: { 'requirements.txt': 'Django==4.2\n', 'tools/requirements-dev.txt': 'black==24.1\n' }, edges: ['. runtime(==4.2) => pkg:pypi/django@4.2', 'tools dev(==24.1) => pkg:pypi/black@24.1'] },
    {
      says: 'what pip-compile wrote beside what was asked for',
      texts: { 'requirements/main.in': 'requests>=2\n', 'requirements/main.txt': 'certifi==2024.2.2\n    # via requests\nrequests==2.31.0\n    # via -r requirements/main.in\nlost==1\n    # via somebody\n' },
      edges: ['. runtime(==1) -> pkg:pypi/lost@1', '. runtime(==2.31.0) => pkg:pypi/requests@2.31.0', '. runtime(>=2) => pkg:pypi/requests@2.31.0', 'pkg:pypi/requests@2.31.0 runtime() -> pkg:pypi/certifi@2024.2.2'],
    },
    { says: 'constraints', texts: { 'requirements.txt': 'a\nb<2\n', 'constraints.txt': 'a==1.0\n' }, edges: ['. runtime() => pkg:pypi/a@1.0', '. runtime(<2) => pkg:pypi/b'], missing: ['.'] },
    { says: 'requirements that name others', texts: { 'app/requirements.txt': '-r ../common/requirements.txt\n-e ../lib\na==1\n', 'common/requirements.txt': '-r ../app/requirements.txt\nb==2\n-e ./own\n' }, edges: ['app runtime(==1) => pkg:pypi/a@1', 'app runtime(==2) => pkg:pypi/b@2', 'common runtime(==1) => pkg:pypi/a@1', 'common runtime(==2) => pkg:pypi/b@2'] },
    {
      says: 'poetry, with folders of the repository',
      texts: {
        'pyproject.toml': '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\nRequests = "^2"\nlib = { path = "lib" }\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
        'poetry.lock': '[[package]]\nname = "requests"\nversion = "2.31.0"\n[package.dependencies]\ncertifi = ">=2017"\n[[package]]\nname = "certifi"\nversion = "2024.2.2"\n[[package]]\nname = "pytest"\nversion = "8.0.0"\n[[package]]\nname = "lib"\nversion = "0.1.0"\n[package.dependencies]\nrequests = "*"\n[package.source]\ntype = "directory"\nurl = "lib"\n',
        'docs/requirements.txt': 'sphinx\n',
      },
      edges: ['. dev() => pkg:pypi/pytest@8.0.0', '. runtime(^2) => pkg:pypi/requests@2.31.0', 'docs runtime() => pkg:pypi/sphinx', 'pkg:pypi/requests@2.31.0 runtime(>=2017) -> pkg:pypi/certifi@2024.2.2'],
      missing: ['docs'],
    },
    {
      says: 'a workspace of uv, whose members mean each other',
      texts: {
        'pyproject.toml': '[project]\nname = "app"\ndependencies = ["lib", "numpy>=1", "app[extra]"]\n[tool.uv.sources]\nlib = { workspace = true }\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
        'packages/lib/pyproject.toml': '[project]\nname = "lib"\ndependencies = ["numpy<2"]\n[tool.ruff]\n',
        'packages/pyproject.toml': '[tool.ruff]\nline-length = 100\n',
        'uv.lock': '[[package]]\nname = "app"\nsource = { virtual = "." }\ndependencies = [{ name = "lib" }, { name = "numpy", version = "2.0.0" }]\n[[package]]\nname = "lib"\nsource = { editable = "packages/lib" }\ndependencies = [{ name = "numpy", version = "1.26.0" }]\n[[package]]\nname = "numpy"\nversion = "1.26.0"\n[[package]]\nname = "numpy"\nversion = "2.0.0"\n',
      },
      edges: ['. runtime(>=1) => pkg:pypi/numpy@2.0.0', 'packages/lib runtime(<2) => pkg:pypi/numpy@1.26.0'],
    },
    { says: 'Pipfile', texts: { Pipfile: '[packages]\nrequests = "*"\n', 'Pipfile.lock': '{"default":{"requests":{"version":"==2.31.0"}}}' }, edges: ['. runtime() => pkg:pypi/requests@2.31.0'] },
  ],
  Go: [
    {
      says: 'versions as they are written, indirect ones too, what is replaced',
      texts: { 'go.mod': 'module example.com/app\nrequire github.com/BurntSushi/toml v1.3.2\nrequire (\n\tgolang.org/x/sync v0.6.0 // indirect\n\texample.com/lib v0.1.0\n\texample.com/old v1.0.0\n)\nreplace example.com/lib => ./lib\nreplace example.com/old => example.com/fork/old v1.1.0\n', 'lib/go.mod': 'module example.com/lib\nrequire example.com/app v1.0.0\n' },
      edges: ['. runtime(v1.0.0) => pkg:golang/example.com/fork/old@v1.1.0', '. runtime(v1.3.2) => pkg:golang/github.com/burntsushi/toml@v1.3.2', '. runtime(v0.6.0) -> pkg:golang/golang.org/x/sync@v0.6.0'],
    },
    { says: 'what the workspace replaces', texts: { 'go.work': 'go 1.22\nuse ./a\nreplace example.com/x => ./x\n', 'a/go.mod': 'module example.com/a\nrequire example.com/x v1.0.0\n' }, edges: [] },
  ],
  Cargo: [
    {
      says: 'a workspace: inherited ranges, renamed crates, folders, one lock for all',
      texts: {
        'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nversion = "2.0.0"\n[workspace.dependencies]\nserde = "1.0"\nlib = { path = "crates/lib" }\nnick = { package = "real", version = "3" }\n',
        'crates/app/Cargo.toml': '[package]\nname = "app"\nversion.workspace = true\n[dependencies]\nserde = { workspace = true, optional = true }\nlib.workspace = true\nnick = { workspace = true }\n[dev-dependencies]\nrand = "0.8"\n',
        'crates/lib/Cargo.toml': '[package]\nname = "lib"\nversion = "0.1.0"\n[dependencies]\nrand = "0.7"\n',
        'Cargo.lock': '[[package]]\nname = "app"\nversion = "2.0.0"\ndependencies = [\n "lib",\n "rand 0.8.5",\n "real",\n "serde",\n]\n\n[[package]]\nname = "lib"\nversion = "0.1.0"\ndependencies = [\n "rand 0.7.3",\n]\n\n[[package]]\nname = "rand"\nversion = "0.7.3"\nsource = "r"\n\n[[package]]\nname = "rand"\nversion = "0.8.5"\nsource = "r"\ndependencies = [\n "serde",\n]\n\n[[package]]\nname = "real"\nversion = "3.1.0"\nsource = "r"\n\n[[package]]\nname = "serde"\nversion = "1.0.200"\nsource = "r"\n',
      },
      edges: [
        'crates/app dev(0.8) => pkg:cargo/rand@0.8.5', 'crates/app runtime(3) => pkg:cargo/real@3.1.0', 'crates/app optional(1.0) => pkg:cargo/serde@1.0.200', 'crates/lib runtime(0.7) => pkg:cargo/rand@0.7.3',
        'pkg:cargo/rand@0.8.5 runtime() -> pkg:cargo/serde@1.0.200',
      ],
    },
    { says: 'no lock', texts: { 'Cargo.toml': '[package]\nname = "a"\n[dependencies]\nserde = "1"\nexact = "=1.2.3"\n' }, edges: ['. runtime(=1.2.3) => pkg:cargo/exact@1.2.3', '. runtime(1) => pkg:cargo/serde'], missing: ['.'] },
    { says: 'patched by a folder', texts: { 'Cargo.toml': '[package]\nname = "a"\n[dependencies]\nserde = "1"\n[patch.crates-io]\nserde = { path = "vendor/serde" }\n' }, edges: [] },
  ],
  Maven: [
    {
      says: 'versions from properties, parents, and bills of materials of the repository',
      texts: {
        'pom.xml': pom(`<groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version><properties><a.version>\${base}.1</a.version><base>2</base><loop>\${loop}</loop></properties><dependencyManagement><dependencies>${dependency('a', '<version>${a.version}</version>')}${dependency('t', '<version>5</version><scope>test</scope>')}<dependency><groupId>org.acme</groupId><artifactId>bom</artifactId><version>\${project.version}</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement><dependencies>${dependency('everywhere', '<version>${loop}</version>')}</dependencies>`),
        'bom/pom.xml': pom(`<groupId>org.acme</groupId><artifactId>bom</artifactId><version>1.0</version><dependencyManagement><dependencies>${dependency('b', '<version>7</version>')}</dependencies></dependencyManagement>`),
        'child/pom.xml': pom(`<parent><groupId>org.acme</groupId><artifactId>parent</artifactId><version>1.0</version></parent><artifactId>child</artifactId><dependencies>${dependency('a')}${dependency('b')}${dependency('t')}${dependency('ranged', '<version>[1,2)</version>')}<dependency><groupId>\${project.groupId}</groupId><artifactId>bom</artifactId><version>\${project.version}</version></dependency>${dependency('${unknown}')}</dependencies>`),
      },
      edges: [
        '. runtime() => pkg:maven/g/everywhere', 'child runtime(2.1) => pkg:maven/g/a@2.1', 'child runtime(7) => pkg:maven/g/b@7', 'child runtime() => pkg:maven/g/everywhere', 'child runtime([1,2)) => pkg:maven/g/ranged', 'child dev(5) => pkg:maven/g/t@5',
      ],
    },
    { says: 'a parent that is its own child', texts: { 'pom.xml': pom(`<parent><groupId>g</groupId><artifactId>a</artifactId></parent><groupId>g</groupId><artifactId>a</artifactId><dependencies>${dependency('b', '<version>1</version>')}</dependencies>`) }, edges: ['. runtime(1) => pkg:maven/g/b@1'] },
  ],
  '.NET': [
    {
      says: 'central versions, properties from above, projects of the repository',
      texts: {
        'Directory.Packages.props': '<Project><ItemGroup><PackageVersion Include="Serilog" Version="$(SerilogVersion)" /></ItemGroup></Project>',
        'Directory.Build.props': '<Project><PropertyGroup><SerilogVersion>3.1.1</SerilogVersion></PropertyGroup></Project>',
        'src/App/App.csproj': '<Project><ItemGroup><PackageReference Include="serilog" /><PackageReference Include="Newtonsoft.Json" Version="13.0.1" /><PackageReference Include="Floating" Version="1.*" /><ProjectReference Include="..\\Core\\Core.csproj" /></ItemGroup></Project>',
        'src/Core/Core.csproj': '<Project><PropertyGroup><PackageId>Acme.Core</PackageId></PropertyGroup></Project>',
      },
      edges: ['src/App runtime(1.*) => pkg:nuget/Floating', 'src/App runtime(13.0.1) => pkg:nuget/Newtonsoft.Json@13.0.1', 'src/App runtime(3.1.1) => pkg:nuget/serilog@3.1.1'],
    },
    {
      says: 'locked',
      texts: {
        'App.csproj': '<Project><ItemGroup><PackageReference Include="a" Version="1.0.0" /></ItemGroup></Project>',
        'packages.lock.json': '{"dependencies":{"net8.0":{"A":{"type":"Direct","requested":"[1.0.0, )","resolved":"1.0.4","dependencies":{"B":"2.0.0"}},"B":{"type":"Transitive","resolved":"2.0.0"},"own":{"type":"Project","dependencies":{"B":"2.0.0"}}}}}',
      },
      edges: ['. runtime(1.0.0) => pkg:nuget/A@1.0.4', 'pkg:nuget/A@1.0.4 runtime(2.0.0) -> pkg:nuget/B@2.0.0'],
    },
  ],
};

describe.each(Object.entries(examples))('%s', (_, cases) => {
  it.each(cases)('$says', ({ texts, edges, missing = [] }) => {
    const graph = graphOf(texts);
    expect(edgesOf(graph)).toEqual(edges);
    expect(graph.completeness.missingLocks).toEqual(missing);
    expect(checkShape('project-graph', graph, 'strict')).toMatchObject({ ok: true });
  });
});

it('imports carry the versions of pnpm and yarn', () => {
  const pnpm = { 'package.json': packageJson({ dependencies: { a: '^1' } }), 'pnpm-lock.yaml': `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.2.0\nsnapshots:\n  a@1.2.0: {}\n  b@1.0.0: {}\n` };
  const yarn = { 'package.json': packageJson({ dependencies: { a: '^1' } }), 'yarn.lock': '# yarn lockfile v1\na@^1:\n  version "1.2.0"\nb@^1:\n  version "1.0.0"\nc@^1:\n  version "1.0.0"\nc@^2:\n  version "2.0.0"\n' };
  const used = (texts: Texts): string[] => graphOf(texts, { 'src/x.ts': ['a', 'b', 'c'] }).edges.uses.map(({ to }) => to);
  expect(used(pnpm)).toEqual(['pkg:npm/a@1.2.0']);
  // Yarn 1 shows everything that is installed to everybody; of several versions nobody knows which.
  expect(used(yarn)).toEqual(['pkg:npm/a@1.2.0', 'pkg:npm/b@1.0.0']);
});

it('imports of a linked workspace lead into it', () => {
  const texts = {
    'app/package.json': packageJson({ name: 'app', dependencies: { lib: 'workspace:*' } }), 'lib/package.json': packageJson({ name: 'lib' }), 'package.json': packageJson({}),
    'pnpm-lock.yaml': `lockfileVersion: '9.0'\nimporters:\n  .: {}\n  app:\n    dependencies:\n      lib:\n        specifier: workspace:*\n        version: link:../lib\n  lib: {}\n`,
  };
  expect(graphOf(texts, { 'app/x.ts': ['lib'], 'lib/src/index.ts': [] }).edges.imports.map(({ to }) => to)).toEqual(['lib/src/index.ts']);
});

it('a repository publishes what its manifests name, and not its test data', () => {
  const texts = {
    'package.json': packageJson({ name: '@a/b', version: '1.0.0' }), 'node_modules/x/package.json': packageJson({ name: 'x' }), 'test/fixtures/lodash/package.json': packageJson({ name: 'lodash' }),
    'pyproject.toml': '[project]\nname = "My_App"\ndynamic = ["version"]\n', 'setup.cfg': '[metadata]\nname = my-app\nversion = 2.0\n',
    'go.mod': 'module example.com/App\n', 'Cargo.toml': '[workspace]\nmembers = ["c"]\n[workspace.package]\nversion = "3.0.0"\n', 'c/Cargo.toml': '[package]\nname = "c"\nversion.workspace = true\n',
    'pom.xml': pom('<groupId>org.acme</groupId><artifactId>a</artifactId><version>${revision}</version><properties><revision>4.0</revision></properties>'),
    'n/n.csproj': '<Project><PropertyGroup><PackageId>Acme.N</PackageId></PropertyGroup></Project>',
  };
  expect(graphOf(texts).nodes.publishes.map(({ purl, version, folder }) => `${purl} ${version ?? 'unversioned'} in ${folder}`)).toEqual([
    'pkg:cargo/c 3.0.0 in c', 'pkg:golang/example.com/app unversioned in .', 'pkg:maven/org.acme/a 4.0 in .', 'pkg:npm/%40a/b 1.0.0 in .', 'pkg:nuget/Acme.N unversioned in n', 'pkg:pypi/my-app 2.0 in .',
  ]);
});

it('submodules know where they come from', () => {
  const facts = factsOf({ 'libs/a': null });
  for (const file of facts.files) file.skipped = 'submodule';
  const graph = normalize({ ...facts, manifests: manifestsOf({ '.gitmodules': '[submodule "a"]\n\tpath = libs/a\n\turl = https://me:s3cret@host/a.git\n' }) });
  expect(graph.nodes.submodules).toMatchObject([{ path: 'libs/a', url: 'https://host/a.git' }]);
});
