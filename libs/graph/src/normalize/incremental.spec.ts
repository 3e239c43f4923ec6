import type { FactPack, ProjectGraph } from '@granary/contracts';
import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { blobOf, factsOf, type Entry } from '../../test/facts';
import { factsOfSources } from '../../test/sources';
import { canonicalJson } from './canonical';
import { advance, createGraphState, type GraphState } from './incremental';
import { normalize } from './normalize';

/** What lies at a path: the text of a file, or an entry of `factsOf`, for JavaScript and its manifests. */
type Lying = string | Entry;
type Repository = Readonly<Record<string, Lying>>;

function packOf(repository: Repository): FactPack {
  const lying = Object.entries(repository);
  const written = factsOfSources(Object.fromEntries(lying.filter((entry): entry is [string, string] => typeof entry[1] === 'string')));
  const listed = factsOf(Object.fromEntries(lying.filter((entry): entry is [string, Entry] => typeof entry[1] !== 'string')));
  const blob = (path: string): string => blobOf(`${path} ${JSON.stringify(repository[path])}`);
  const renewed = <T extends { path: string }>(list: readonly T[]): T[] => list.map((one) => ({ ...one, blob: blob(one.path) }));
  return {
    ...listed,
    commit: blobOf(JSON.stringify(repository)),
    files: renewed([...listed.files, ...written.files]),
    modules: renewed([...listed.modules, ...written.modules]),
    manifests: [...listed.manifests, ...written.manifests],
  };
}

function expectFull(state: GraphState, facts: FactPack): void {
  expectSame(state, normalize(facts));
}

function expectSame(state: GraphState, full: ProjectGraph): void {
  expect(state.text).toBe(canonicalJson(full));
  expect(state.graph).toEqual(full);
}

const lock = (lodash: string, more: object = {}): Entry => ({ lockfileVersion: 3, packages: { '': {}, 'packages/a': { name: '@acme/a' }, 'node_modules/lodash': { version: lodash }, 'node_modules/@types/x': { version: '1.0.0' }, ...more } });
const cargo = (name: string, more = ''): string => `[package]\nname = "${name}"\nversion = "1.0.0"\n[dependencies]\n${more}`;
const pom = (more: string): string => `<project><modelVersion>4.0.0</modelVersion><groupId>org.acme</groupId><artifactId>app</artifactId><version>1</version><dependencies>${more}</dependencies></project>`;

/** What may lie at each path. It is written so that nearly every line has something to do with another one. */
const CHOICES: Readonly<Record<string, readonly Lying[]>> = {
  'package.json': [{ name: 'root', workspaces: ['packages/*'], dependencies: { lodash: '^4.0.0' } }, { name: 'root', workspaces: ['packages/*'], dependencies: { lodash: '^5.0.0', x: '1' } }, { name: 'root', imports: { '#b': './src/b.ts' }, main: 'dist/a.js' }],
  'package-lock.json': [lock('4.0.0'), lock('5.0.0'), lock('5.0.0', { 'node_modules/x': { version: '2.0.0' } }), lock('5.0.0', { 'node_modules/x': { resolved: 'packages/a', link: true } })],
  'packages/a/package.json': [{ name: '@acme/a', exports: { '.': './src/index.ts', './b': './b.js' } }, { name: '@acme/a', main: 'index.js', dependencies: { lodash: '4.0.0' } }, { name: 'x' }],
  'tsconfig.json': [{ compilerOptions: { baseUrl: '.', paths: { '@/*': ['src/*'] } } }, { compilerOptions: { paths: { '@/*': ['packages/*', 'src/*'] } } }, { compilerOptions: { outDir: 'dist', rootDir: 'src' } }],
  'src/a.ts': [['./b', 'lodash', '@acme/a', '@/b', '#b'], ['./b.js', 'x', '@acme/a/b', './gone', 'type ./c'], []],
  'src/b.ts': [['./a', 'dynamic ./c'], ['./a', '../packages/a', '../packages/a/b']],
  'src/b.d.ts': [[]],
  'src/b/index.ts': [['../a', 'node:fs'], ['../dist/a.js']],
  'src/c.vue': [null],
  'src/c.json': [null],
  'packages/a/index.js': [['./b', 'require lodash'], ['./src']],
  'packages/a/src/index.ts': [['@acme/a', '../b', 'x'], ['@acme/a/b']],
  'packages/a/b.js': [['./index']],
  'node_modules/x/index.js': [[]],
  'pyproject.toml': ['[project]\nname = "app"\ndependencies = ["docker", "PyYAML>=6"]\n', '[project]\nname = "tool"\ndependencies = ["docker==2.0"]\n[project.scripts]\ntool = "app.m:main"\n'],
  'app/__init__.py': ['', 'from app import m\nfrom .sub import n\n'],
  'app/m.py': ['import docker\nimport yaml\nfrom app.sub.n import thing\n', 'from . import sub, n\nimport helpers.tools\n'],
  'app/sub/__init__.py': ['from ..m import x\n'],
  'app/sub/n.py': ['import app.m\nimport os\nimport tools\n'],
  'docker.py': ['import docker\n', 'import app\n'],
  'lib/helpers/tools.py': ['import docker\nimport helpers\n'],
  'lib/setup.py': ['from setuptools import setup\n'],
  'tools.py': ['import app.sub\n\nif __name__ == "__main__":\n    pass\n'],
  'go.mod': ['module acme.org/app\n\nrequire github.com/x/y v1.0.0\n', 'module acme.org/app/v2\n\nrequire github.com/x/y v1.2.0\n'],
  'main.go': ['package main\n\nimport (\n\t"fmt"\n\t"acme.org/app/pkg"\n\t"github.com/x/y/z"\n)\n\nfunc main() {}\n', 'package main\n\nimport "acme.org/app/v2/pkg"\n'],
  'pkg/x.go': ['package pkg\n\nimport "os"\n', 'package other\n'],
  'pkg/y.go': ['package pkg\n', 'package other\n\nimport "acme.org/app/pkg/sub"\n'],
  'pkg/sub/z.go': ['package sub\n'],
  'pom.xml': [pom('<dependency><groupId>com.fasterxml.jackson.core</groupId><artifactId>jackson-databind</artifactId><version>2.0</version></dependency>'), pom('')],
  'java/a/A.java': ['package a;\nimport b.B;\nimport b.*;\nimport com.fasterxml.jackson.databind.ObjectMapper;\nclass A { C c; }\n', 'package a;\nimport static b.B.of;\nclass A { public static void main(String[] args) {} }\n'],
  'java/b/B.java': ['package b;\nimport a.A;\nclass B {}\n', 'package c;\nclass B {}\n'],
  'java/b/C.java': ['package b;\nclass C {}\n'],
  'Cargo.toml': [cargo('app', 'serde = "1"\n'), cargo('app', 'serde = "=1.2.3"\n[[bin]]\nname = "tool"\npath = "rust/tool.rs"\n[lib]\npath = "rust/lib.rs"\n')],
  'rust/lib.rs': ['pub mod x;\nuse crate::x::Y;\nuse serde::Serialize;\n', 'mod x;\nmod z;\nextern crate serde as s;\n'],
  'rust/x.rs': ['use super::z::Z;\nuse s::Serialize;\n', 'use crate::z;\ninclude!("table.in");\n'],
  'rust/z.rs': ['use crate::x::Y;\n'],
  'rust/x/mod.rs': ['use super::z;\n'],
  'rust/table.in': ['1\n'],
  'rust/tool.rs': ['use app::x;\nfn main() {}\n'],
  'App.csproj': ['<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Dapper" Version="2.0.0" /></ItemGroup></Project>', '<Project Sdk="Microsoft.NET.Sdk"></Project>'],
  'cs/A.cs': ['using Dapper;\nusing Acme.B;\nnamespace Acme.A;\nclass One { Two two; Three three; }\n', 'global using Acme.C;\nusing System.Linq;\nnamespace Acme.A;\nclass One {}\n'],
  'cs/B.cs': ['namespace Acme.B;\nclass Two { One one; }\n', 'namespace Acme.C;\nclass Two { Three three; }\n'],
  'cs/C.cs': ['namespace Acme.C;\nclass Three {}\n', 'namespace Acme.B;\nclass Three {}\nstatic class ThreeExtensions {}\n'],
};

const edit = fc.constantFrom(...Object.keys(CHOICES)).chain((path) => fc.constantFrom(null, ...(CHOICES[path] ?? []).map((_, choice) => choice)).map((choice) => ({ path, choice })));
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

function edited(repository: Repository, edits: readonly Edit[]): Repository {
  const next = new Map(Object.entries(repository));
  for (const { path, choice } of edits) {
    const lying = choice === null ? undefined : CHOICES[path]?.[choice];
    if (lying === undefined) next.delete(path);
    else next.set(path, lying);
  }
  return Object.fromEntries(next);
}

const seed = Date.now() % 2 ** 31;

it(`gives after any edits what the whole gives (seed ${seed})`, () => {
  const history = fc.record({ first: fc.array(edit, { maxLength: 60 }), steps: fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }) });
  fc.assert(fc.property(history, ({ first, steps }) => {
    let repository = edited({}, first);
    const begun = createGraphState(packOf(repository));
    expectFull(begun, packOf(repository));
    let state = begun;
    for (const edits of steps) {
      repository = edited(repository, edits);
      state = advance(state, packOf(repository));
      expectFull(state, packOf(repository));
    }
    // A state is never changed: from the first one every later commit can be reached too.
    expectFull(advance(begun, packOf(repository)), packOf(repository));
  }), { seed, numRuns: 20 * TIMES });
});

const whole = edited({}, Object.keys(CHOICES).map((path) => ({ path, choice: 0 })));

it('does the same for each single edit of a repository with everything', () => {
  const facts = packOf(whole);
  const full = normalize(facts);
  const state = createGraphState(facts);
  for (const [path, choices] of Object.entries(CHOICES)) {
    for (const choice of [null, ...choices.keys()]) {
      const other = packOf(edited(whole, [{ path, choice }]));
      const next = advance(state, other);
      expectFull(next, other);
      expectSame(advance(next, packOf(whole)), full);
    }
  }
});

it('keeps what a change does not concern', () => {
  const state = createGraphState(packOf(whole));
  const { graph } = advance(state, packOf({ ...whole, 'tools.py': 'import app.sub\n\nprint(1)\n' }));
  expect(graph.edges.imports).toBe(state.graph.edges.imports);
  expect(graph.edges.dependsOn).toBe(state.graph.edges.dependsOn);
  expect(graph.cycles).toBe(state.graph.cycles);
});

it('keeps what lock files say when another manifest changes', () => {
  const state = createGraphState(packOf(whole));
  const facts = packOf({ ...whole, 'packages/a/package.json': { name: '@acme/a', version: '1.0.1', exports: { '.': './src/index.ts', './b': './b.js' } } });
  const next = advance(state, facts);
  expectFull(next, facts);
  expect(next.graph.edges.dependsOn).toBe(state.graph.edges.dependsOn);
  const asked = packOf({ ...whole, 'packages/a/package.json': { name: '@acme/a', dependencies: { lodash: '^4.0.0' } } });
  expectFull(advance(next, asked), asked);
});

describe('where files come and go whose names mean something to each other', () => {
  const some = <T>(from: readonly T[], most: number): fc.Arbitrary<T[]> => fc.subarray([...from], { maxLength: Math.min(most, from.length) });
  const one = <T>(from: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...from);
  const lines = (prefix: string, names: readonly string[], suffix: string): string => names.map((name) => `${prefix}${name}${suffix}`).join('');

  const PACKAGES = ['a', 'a.b', 'a.b.c', 'd'] as const;
  const TYPES = ['Ax', 'Bx', 'Cx', 'b'] as const;
  const NAMES = PACKAGES.flatMap((name) => [`${name}.*`, ...TYPES.flatMap((type) => [`${name}.${type}`, `${name}.${type}.Inner`])]);
  const java = fc.record({ folder: one(['src', 'test']), lies: one(PACKAGES), type: one(TYPES), says: one([...PACKAGES, '']), imports: some(NAMES, 4), mentions: some(TYPES, 3) }).map(({ folder, lies, type, says, imports, mentions }) => ({
    path: `java/${folder}/${lies.replaceAll('.', '/')}/${type}.java`,
    source: `${says === '' ? '' : `package ${says};\n`}${lines('import ', imports, ';\n')}class ${type} {${lines(' ', mentions, ' x;')} }\n`,
  }));

  const FOLDERS = ['', 'p', 'p/q', 'r'] as const;
  const go = fc.record({ folder: one(FOLDERS), name: one(['x', 'y', 'doc', 'q', 'z_test']), says: one(['main', 'p', 'q', 'r']), imports: some([...FOLDERS.map((folder) => `acme.org/app${folder === '' ? '' : `/${folder}`}`), './q', 'fmt', 'acme.org/app/none'], 3), ignored: fc.boolean() }).map(({ folder, name, says, imports, ignored }) => ({
    path: `${folder === '' ? '' : `${folder}/`}${name}.go`,
    source: `${ignored && name === 'y' ? '//go:build ignore\n\n' : ''}package ${says}\n${lines('import "', imports, '"\n')}`,
  }));
  // So many that one file stands for them.
  const many = Array.from({ length: 22 }, (_, number) => ({ path: `r/many${number}.go`, source: 'package r\n' }));

  const SPACES = ['A', 'A.B', 'A.B.C', 'D'] as const;
  const CLASSES = ['One', 'Two', 'MarkAttribute', 'TwoExtensions', 'B'] as const;
  const csharp = fc.record({ folder: one(['cs', 'cs/sub']), name: one(['One', 'Two', 'Three', 'Four']), space: one([...SPACES, '']), types: some(CLASSES, 2), uses: some([...SPACES, 'B', 'B.C', 'System.Linq', 'static A.B.One', 'static A.Two'], 3), globals: fc.oneof({ weight: 4, arbitrary: fc.constant([] as string[]) }, { weight: 1, arbitrary: some(SPACES, 1) }), mentions: some([...CLASSES, 'Mark'], 3) }).map(({ folder, name, space, types, uses, globals, mentions }) => ({
    path: `${folder}/${name}.cs`,
    source: `${lines('global using ', globals, ';\n')}${lines('using ', uses, ';\n')}${space === '' ? '' : `namespace ${space};\n`}${lines('static class ', types, ' { }\n')}class ${name}User {${lines(' ', mentions, ' x;')} }\n`,
  }));
  const project = one(['cs/App.csproj', 'cs/sub/Sub.csproj']).map((path) => ({ path, source: '<Project Sdk="Microsoft.NET.Sdk"></Project>' }));

  const MODULES = ['x', 'y', 'z'] as const;
  const rust = fc.record({ path: one(['lib', 'main', ...MODULES, 'x/y', 'x/mod', 'x/z', 'bin/tool'].map((name) => `src/${name}.rs`)), mods: some(MODULES, 2), uses: some(['crate::x', 'crate::x::y::Z', 'super::z', 'self::y::A', 'app::z', 'x::y', 'other::a'], 3) }).map(({ path, mods, uses }) => ({ path, source: `${lines('mod ', mods, ';\n')}${lines('use ', uses, ';\n')}` }));

  const FIXED: Repository = { 'go.mod': 'module acme.org/app\n', 'Cargo.toml': cargo('app'), 'pom.xml': pom('') };
  interface Step { path: string; source: string; stays: boolean }
  const step = (files: fc.Arbitrary<{ path: string; source: string }>): fc.Arbitrary<Step> => fc.record({ file: files, stays: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }) }).map(({ file, stays }) => ({ ...file, stays }));

  function stepped(repository: Repository, steps: readonly Step[]): Repository {
    const next = new Map(Object.entries(repository));
    for (const { path, source, stays } of steps) {
      if (stays) next.set(path, source);
      else next.delete(path);
    }
    return Object.fromEntries(next);
  }

  it.each([
    { language: 'Java', files: java },
    { language: 'Go', files: fc.oneof({ weight: 6, arbitrary: go }, { weight: 1, arbitrary: one(many) }) },
    { language: 'C#', files: fc.oneof({ weight: 12, arbitrary: csharp }, { weight: 1, arbitrary: project }) },
    { language: 'Rust', files: rust },
  ])(`$language: gives after any of it what the whole gives (seed ${seed})`, ({ language, files }) => {
    const begin = language === 'Go' ? stepped(FIXED, many.map((file) => ({ ...file, stays: true }))) : FIXED;
    fc.assert(fc.property(fc.array(step(files), { minLength: 5, maxLength: 25 }), fc.array(fc.array(step(files), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }), (first, later) => {
      let repository = stepped(begin, first);
      let state = createGraphState(packOf(repository));
      for (const steps of later) {
        repository = stepped(repository, steps);
        const facts = packOf(repository);
        state = advance(state, facts);
        expect(state.text).toBe(canonicalJson(normalize(facts)));
      }
    }), { seed, numRuns: 25 * TIMES });
  });
});
