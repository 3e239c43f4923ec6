import { parse } from 'smol-toml';
import { asked, locked, said } from '../../../test/manifests';
import { reducePoetryLock, reduceUvLock } from './locks';
import { python } from './python';
import { pep508 } from './requirement';

it.each([
  ['requests', 'requests any'],
  ['Flask_SQLAlchemy.Ext', 'flask-sqlalchemy-ext any'],
  ['requests[security,socks] >= 2.0, < 3 ; python_version < "3.8"', 'requests >=2.0,<3'],
  ['requests (>=2)', 'requests >=2'],
  ['requests~=2.0; extra == "test"', 'requests ~=2.0 optional'],
  ['requests===2.0', 'requests ===2.0'],
  ['pkg @ https://me:s3cret@host/pkg.zip?sig=s3cret ; python_version > "3"', 'pkg https://host/pkg.zip'],
  ['pkg@git+https://host/pkg.git@v1', 'pkg git+https://host/pkg.git@v1'],
  ['pkg @ file:../pkg', 'pkg file:../pkg in ../pkg'],
  ['pkg @ file:///home/me/pkg', 'pkg file:///home/me/pkg'],
  ['', null], ['./folder', null], ['not a requirement', null], ['-e .', null],
])('%s asks for %s', (text, expected) => {
  const [found] = pep508(text, { scope: 'runtime' });
  const shown = found && [found.name, found.range ?? 'any', ...(found.path === undefined ? [] : [`in ${found.path}`]), ...(found.scope === 'runtime' ? [] : [found.scope])].join(' ');
  expect(shown ?? null).toBe(expected);
});

it.each([
  { says: 'names, ranges, hashes, comments', source: '\ufeff# all of them\r\nrequests==2.31.0 \\\r\n    --hash=sha256:aa \\\r\n    --hash=sha256:bb\r\n\r\nDjango>=4,<5  # the web\r\n', asks: ['runtime requests ==2.31.0', 'runtime django >=4,<5'] },
  { says: 'other files are named, constraints and indexes are not', source: '-r base.txt\n--requirement=../common/requirements.txt\n-c constraints.txt\n--index-url https://me:s3cret@host/simple\n-r https://host/x.txt\na\n', asks: ['runtime a any'] },
  {
    says: 'folders, archives and repositories',
    source: '-e ../common\n-e .\n--editable git+ssh://git@host/me/tool.git@v2#egg=tool\n./libs/thing[extra]\nhttps://host/dist/My_Wheel-1.0-py3-none-any.whl\nhttps://host/archive-2.1.tar.gz\ngit+https://me:s3cret@host/unnamed.git@main\n',
    asks: ['runtime common any in ../common', 'runtime tool git+ssh://host/me/tool.git@v2#egg=tool', 'runtime thing any in ./libs/thing', 'runtime my-wheel https://host/dist/My_Wheel-1.0-py3-none-any.whl', 'runtime archive https://host/archive-2.1.tar.gz', 'runtime unnamed git+https://host/unnamed.git@main'],
  },
  {
    says: 'archives with a build number, a checksum and a condition',
    source: 'https://host/a-1.0-1-py3-none-any.whl#sha256=aa\nhttps://host/b-v1.0.zip ; python_version < "3"\n-e file:../c/\nhttps://host/d.whl\n',
    asks: ['runtime a https://host/a-1.0-1-py3-none-any.whl#sha256=aa', 'runtime b https://host/b-v1.0.zip ; python_version < "3"', 'runtime c any in ../c/'],
  },
  {
    says: 'what pip-compile added, and for whom',
    source: 'certifi==2024.2.2\n    # via requests\nidna==3.6 --hash=sha256:aa\n    # via\n    #   anyio\n    #   httpx[http2]\nrequests==2.31.0\n    # via -r requirements.in\nurllib3==2.2.0  # via requests, botocore\nboth==1\n    # via\n    #   -r x.in\n    #   other\nown==1\n    # via project (pyproject.toml)\n# The following packages are unsafe\npip==24\n',
    asks: ['runtime certifi ==2024.2.2 indirect via requests', 'runtime idna ==3.6 indirect via anyio httpx', 'runtime requests ==2.31.0', 'runtime urllib3 ==2.2.0 indirect via requests botocore', 'runtime both ==1', 'runtime own ==1', 'runtime pip ==24'],
  },
  { says: 'nothing', source: '', asks: [] },
])('requirements.txt: $says', ({ source, asks }) => {
  expect(asked(python, 'requirements.txt', source)).toEqual(asks);
});

it('requirements.txt: keeps which other files count', () => {
  expect(said(python, 'requirements.txt', '-r base.txt\n-rother.txt\n--requirement=../x.txt\n-c c.txt')).toEqual({ ecosystem: 'pypi', includes: ['base.txt', 'other.txt', '../x.txt'] });
});

it('constraints.txt: says which versions are taken, and asks for nothing', () => {
  expect(locked(python, 'constraints.txt', 'Requests==2.31.0\nurllib3<2\nidna===3.6 # exact\nsix==1.*\n')).toEqual(['idna@3.6: idna 3.6', 'requests@2.31.0: requests 2.31.0']);
});

const PYPROJECT = `
[build-system]
requires = ["hatchling"]

[project]
name = "My.App"
version = "1.0.0"
dependencies = ["requests>=2; python_version > '3'", "common", "web"]
[project.optional-dependencies]
fast = ["uvloop"]
[project.scripts]
app = "app.cli:main"
[project.gui-scripts]
window = "app.gui:main"
[project.entry-points."app.plugins"]
one = "app.plugins:one"

[dependency-groups]
test = ["pytest>=8", {include-group = "lint"}]
lint = ["ruff"]

[tool.uv]
dev-dependencies = ["ipython"]
[tool.uv.sources]
common = { path = "../common", editable = true }
web = { workspace = true }
requests = [{ git = "https://me:s3cret@host/requests", marker = "x" }]
[tool.uv.workspace]
members = ["packages/*"]
exclude = ["packages/old"]

[tool.setuptools.packages.find]
where = ["src"]
[tool.hatch.build.targets.wheel]
packages = ["python/app"]
`;

it('pyproject.toml: the standards, and what uv adds', () => {
  expect(asked(python, 'pyproject.toml', PYPROJECT)).toEqual(['runtime requests https://host/requests', 'runtime common any in ../common', 'runtime web any', 'optional uvloop any', 'dev pytest >=8', 'dev ruff any', 'dev ipython any']);
  expect(said(python, 'pyproject.toml', PYPROJECT)).toMatchObject({
    name: 'my-app', version: '1.0.0', members: ['packages/*', '!packages/old'], sources: ['src', 'python'], replaces: [{ name: 'web', with: 'web' }],
    entries: [{ kind: 'bin', name: 'app', target: 'app.cli:main' }, { kind: 'bin', name: 'window', target: 'app.gui:main' }, { kind: 'export', name: 'app.plugins:one', target: 'app.plugins:one' }],
  });
});

it.each([
  {
    says: 'poetry',
    source: `[tool.poetry]\nname = "a"\nversion = "0.1"\npackages = [{ include = "a", from = "lib" }]\n[tool.poetry.dependencies]\npython = "^3.9"\nrequests = "^2"\nany = "*"\nextra = { version = "^1", optional = true }\nlocal = { path = "../local", develop = true }\nhosted = { git = "https://me:s3cret@host/x.git", tag = "v1" }\nmany = [{ version = "<2", python = "<3.9" }, { version = ">=2", python = ">=3.9" }]\n[tool.poetry.group.test.dependencies]\npytest = "*"\n[tool.poetry.dev-dependencies]\nblack = "^23"\n[tool.poetry.scripts]\na = "a:main"\nb = { reference = "a:b", type = "console" }\n[tool.poetry.plugins."x.y"]\nz = "a:z"\n`,
    asks: ['runtime requests ^2', 'runtime any any', 'optional extra ^1', 'runtime local any in ../local', 'runtime hosted https://host/x.git', 'runtime many <2', 'runtime many >=2', 'dev black ^23', 'dev pytest any'],
  },
  { says: 'pdm', source: `[project]\nname = "a"\n[tool.pdm.dev-dependencies]\ntest = ["pytest", "-e file:./tool"]\n`, asks: ['dev pytest any'] },
  { says: 'only settings of tools', source: '[tool.ruff]\nline-length = 100\n', asks: [] },
  { says: 'wrong types everywhere', source: `project = { name = 1, dependencies = "a", optional-dependencies = [], scripts = 3 }\ndependency-groups = { a = 1 }\n[tool]\npoetry = { dependencies = { a = 1, b = [2] }, group = { c = 1 }, packages = 3 }\nuv = { sources = { a = 1 }, workspace = [] }\n`, asks: [] },
  { says: 'broken', source: '[project]\ntoken = s3cret\n', asks: ['error: not TOML: a mistake at line 2, column 9'] },
])('pyproject.toml: $says', ({ source, asks }) => {
  expect(asked(python, 'pyproject.toml', source)).toEqual(asks);
});

it('setup.cfg: what setuptools reads', () => {
  const source = `[metadata]\nname = My_Lib\nversion = 1.2\n# a comment\n[options]\npackage_dir =\n    = src\ninstall_requires =\n    requests>=2 ; python_version>"3"\n    # not this\n    attrs\ntests_require = pytest\n[options.packages.find]\nwhere = src\n[options.extras_require]\nfast =\n    uvloop\n[options.entry_points]\nconsole_scripts =\n    lib = my_lib.cli:main\n    other = my_lib.cli:other [fast]\nmy.plugins =\n    p = my_lib:p\n[flake8]\nmax-line-length = 100\n`;
  expect(asked(python, 'setup.cfg', source)).toEqual(['runtime requests >=2', 'runtime attrs any', 'optional uvloop any', 'dev pytest any']);
  expect(said(python, 'setup.cfg', source.replaceAll('\n', '\r\n'))).toMatchObject({
    name: 'my-lib', version: '1.2', sources: ['src'],
    entries: [{ kind: 'bin', name: 'lib', target: 'my_lib.cli:main' }, { kind: 'bin', name: 'other', target: 'my_lib.cli:other' }, { kind: 'export', name: 'my.plugins:p', target: 'my_lib:p' }],
  });
  expect(said(python, 'setup.cfg', '[metadata]\nname: a\nversion = attr: a.__version__\n')).toEqual({ ecosystem: 'pypi', name: 'a' });
});

it('Pipfile and Pipfile.lock', () => {
  expect(asked(python, 'Pipfile', '[packages]\nrequests = "*"\nlocal = {path = ".", editable = true}\n[dev-packages]\npytest = ">=8"\n[requires]\npython_version = "3.12"\n')).toEqual(['runtime requests any', 'runtime local any in .', 'dev pytest >=8']);
  const lock = { _meta: { sources: [{ url: 'https://me:s3cret@host' }] }, default: { Requests: { version: '==2.31.0', hashes: ['x'] }, local: { path: '.', editable: true }, hosted: { git: 'https://host/x', ref: 'abc' } }, develop: { pytest: { version: '==8.0.0' } } };
  expect(locked(python, 'Pipfile.lock', JSON.stringify(lock))).toEqual(['hosted@abc: hosted abc', 'local@: local unknown at .', 'pytest@8.0.0: pytest 8.0.0', 'requests@2.31.0: requests 2.31.0']);
  expect(locked(python, 'Pipfile.lock', '{"a": s3cret}')).toEqual(['error: not JSON: invalid symbol at line 1, column 7']);
});

const POETRY = `# This file is automatically @generated by Poetry
[[package]]
name = "Requests"
version = "2.31.0"
description = "Python HTTP for Humans."
optional = false
python-versions = ">=3.7"
files = [
    {file = "requests-2.31.0-py3-none-any.whl", hash = "sha256:aa"},
    {file = "requests-2.31.0.tar.gz", hash = "sha256:bb"},
]

[package.dependencies]
certifi = ">=2017.4.17"
numpy = [
    {version = ">=1.21", markers = "python_version < '3.10'"},
    {version = ">=2", markers = "python_version >= '3.10'"},
]
PySocks = {version = ">=1.5.6", optional = true, markers = "extra == 'socks'"}
gone = "*"

[package.extras]
socks = ["PySocks (>=1.5.6)"]

[[package]]
name = "certifi"
version = "2024.2.2"
files = []

[[package]]
name = "numpy"
version = "1.26.0"
files = [
    {file = "a", hash = "sha256:aa"},
]

[[package]]
name = "numpy"
version = "2.0.0"

[[package]]
name = "local"
version = "0.1.0"

[package.source]
type = "directory"
url = "../local"

[metadata]
lock-version = "2.0"
`;

it('poetry.lock: packages, what they need, and folders of the repository', () => {
  const lines = [
    'certifi@2024.2.2: certifi 2024.2.2', 'local@0.1.0: local 0.1.0 at ../local', 'numpy@1.26.0: numpy 1.26.0', 'numpy@2.0.0: numpy 2.0.0',
    'requests@2.31.0: requests 2.31.0', '  runtime certifi >=2017.4.17 → certifi@2024.2.2', '  runtime numpy >=1.21 || >=2 → numpy@2.0.0', '  optional pysocks >=1.5.6 → nothing', '  runtime gone any → nothing',
  ];
  expect(locked(python, 'poetry.lock', POETRY)).toEqual(lines);
  expect(locked(python, 'poetry.lock', POETRY.replaceAll('\n', '\r\n'))).toEqual(lines);
});

const UV = `version = 1
requires-python = ">=3.9"

[manifest]
members = ["app", "lib"]

[[package]]
name = "app"
version = "0.1.0"
source = { editable = "." }
dependencies = [
    { name = "lib" },
    { name = "numpy", version = "2.0.0", source = { registry = "https://host" }, marker = "x" },
]

[package.optional-dependencies]
fast = [
    { name = "uvloop" },
]

[package.dev-dependencies]
dev = [
    { name = "numpy", version = "1.26.0", source = { registry = "https://host" } },
]

[package.metadata]
requires-dist = [
    { name = "lib", editable = "packages/lib" },
    { name = "numpy", specifier = ">=1.20" },
]

[package.metadata.requires-dev]
dev = [{ name = "uvloop", specifier = ">=0.1" }]

[[package]]
name = "lib"
source = { virtual = "packages/lib" }

[[package]]
name = "numpy"
version = "1.26.0"
source = { registry = "https://host" }
sdist = { url = "https://host/a.tar.gz", hash = "sha256:aa", size = 1 }
wheels = [
    { url = "https://host/a.whl", hash = "sha256:bb", size = 2 },
]

[[package]]
name = "numpy"
version = "2.0.0"
source = { registry = "https://host" }
dependencies = [
    { name = "uvloop" },
]

[[package]]
name = "uvloop"
version = "0.19.0"
source = { git = "https://me:s3cret@host/uvloop?rev=1#abc" }
`;

it('uv.lock: packages, what each member of the workspace got', () => {
  expect(locked(python, 'uv.lock', UV)).toEqual([
    'in .', '  runtime lib any → lib@', '  runtime numpy >=1.20 → numpy@2.0.0', '  optional uvloop >=0.1 → uvloop@0.19.0', '  dev numpy >=1.20 → numpy@1.26.0', 'in packages/lib',
    'app@0.1.0: app 0.1.0 at .', 'lib@: lib unknown at packages/lib', 'numpy@1.26.0: numpy 1.26.0', 'numpy@2.0.0: numpy 2.0.0', '  runtime uvloop any → uvloop@0.19.0', 'uvloop@0.19.0: uvloop 0.19.0',
  ]);
});

it.each([{ kind: 'poetry.lock', source: POETRY, read: reducePoetryLock }, { kind: 'uv.lock', source: UV, read: reduceUvLock }])('$kind says the same without its lists of files', ({ source, read }) => {
  const all = parse(source)['package'] as { name: string; version?: string }[];
  const lock = read(source);
  expect('packages' in lock && lock.packages.map(({ name, version }) => [name, version])).toEqual(all.map(({ name, version }) => [name.toLowerCase(), version ?? null]).sort());
});

it('a lock that is broken says where', () => {
  expect(locked(python, 'poetry.lock', '[[package]]\nname = s3cret\n')).toEqual(['error: not TOML: a mistake at line 2, column 8']);
  expect(locked(python, 'uv.lock', '[[package]]\nname = 1\n[[package]]\n')).toEqual([]);
});
