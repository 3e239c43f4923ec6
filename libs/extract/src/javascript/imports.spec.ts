import type { JavaScriptClass } from './javascript-class';
import { importsOf } from './imports';
import { importsOfTree } from './syntax-tree';

const found = (source: string, pathClass: JavaScriptClass = 'ts'): string[] =>
  importsOf(source, pathClass).map(({ kind, specifier, line }) => `${kind} ${specifier} ${line}`);

describe('imports of a module', () => {
  it.each<[string, string, JavaScriptClass, string[]]>([
    ['a default import', `import a from './a';`, 'ts', ['static ./a 1']],
    ['a namespace import', `import * as a from "a"`, 'ts', ['static a 1']],
    ['named and default', `import a, { b as c } from 'a';`, 'js', ['static a 1']],
    ['a side effect', `import 'a/b.css'`, 'js', ['static a/b.css 1']],
    ['several lines', `\n// one\nimport {\n  a,\n} from 'a';\nimport 'b';`, 'ts', ['static a 5', 'static b 6']],
    ['import attributes', `import a from './a.json' with { type: 'json' };`, 'js', ['static ./a.json 1']],
    ['a deferred import', `import defer * as a from 'a'`, 'js', ['static a 1']],
    ['a type import', `import type { A } from 'a';`, 'ts', ['type a 1']],
    ['a binding named type', `import type from 'a'; import type, { b } from 'b';`, 'ts', ['static a 1', 'static b 1']],
    ['an inline type, which keeps the module', `import { type A } from 'a';`, 'ts', ['static a 1']],
    ['a re-export', `export { a } from 'a'; export * from 'b'; export * as c from 'c';`, 'ts', ['reexport a 1', 'reexport b 1', 'reexport c 1']],
    ['a type re-export', `export type { A } from 'a'; export type * from 'b';`, 'ts', ['type a 1', 'type b 1']],
    ['an export that is none', `export { a }; export const from = 'b';`, 'ts', []],
    ['import equals', `import a = require('a');\nexport import b = require('b');\nimport c = a.b;`, 'ts', ['require a 1', 'require b 2']],
    ['a type import equals', `import type a = require('a');`, 'ts', ['type a 1']],
    ['require', `const a = require('a'), { b } = require ( "b" ).c;`, 'js', ['require a 1', 'require b 1']],
    ['require in a template literal specifier', 'require(`a`); import(`b`);', 'js', ['require a 1', 'dynamic b 1']],
    ['require after a comment', `require/* x */('a'); require(/* y */ 'b');`, 'js', ['require a 1', 'require b 1']],
    ['require of others', `a.require('a'); $require('b'); a?.require('c'); this.#require('d');`, 'js', []],
    ['a function named require', `function require(a) { return a; } ({ require(b) {} });`, 'js', []],
    ['require.resolve, which loads nothing', `require.resolve('a'); require.cache`, 'js', []],
    ['dynamic import', `const a = await import('a');\nimport("b").then();`, 'js', ['dynamic a 1', 'dynamic b 2']],
    ['dynamic import in TypeScript', `const a = await import('a'); f(() => import('b'));`, 'ts', ['dynamic a 1', 'dynamic b 1']],
    ['dynamic import with options', `import('a', { with: { type: 'json' } })`, 'js', ['dynamic a 1']],
    ['a commented chunk name', `import(/* webpackChunkName: "x" */ './a')`, 'js', ['dynamic ./a 1']],
    ['computed specifiers', 'import(a); import("b" + c); require(d); require(`e/${f}`); import(`g/${h}.js`);', 'js', []],
    ['an import type', `let a: import('a').B; const b: typeof import("b") = c; function f(x: Promise<import('d')>) {}`, 'ts', ['type a 1', 'type b 1', 'type d 1']],
    ['an import type in an alias and an interface', `type A = import('a').B;\ninterface C { d: import('e').F }`, 'dts', ['type a 1', 'type e 2']],
    ['a module declaration', `declare module 'x' {\n  import { a } from 'b';\n  export * from 'c';\n}`, 'dts', ['static b 2', 'reexport c 3']],
    ['import.meta', `import.meta.url; import.meta.resolve('a');`, 'js', []],
    ['a method named import', `a.import('b'); ({ import(c) {} });`, 'js', []],
    ['comments', `// import 'a'\n/* require('b') */\n/** @type {import('c').D} */\nimport 'd';`, 'js', ['static d 4']],
    ['strings', `const a = "import 'b'"; const c = 'require("d")'; import 'e';`, 'js', ['static e 1']],
    ['templates', 'const a = `import "b"; ${import("c")} require("d") ${require(`e`)}`;', 'js', ['dynamic c 1', 'require e 1']],
    ['regular expressions', "x.replace(/`/g, ''); y = /require('a')/; if (z) /[\"'/]/.test(require('b')); import('c')", 'js', ['require b 1', 'dynamic c 1']],
    ['division', `a = b / c; require('d'); e = f / g;`, 'js', ['require d 1']],
    ['JSX text', `import a from 'a';\nconst b = <p title="import 'c'">don't import 'd' // require('e')\n{require('f')} /* </p>;\nimport('g');`, 'jsx', ['static a 1', 'require f 3', 'dynamic g 4']],
    ['JSX in plain .js', `const a = () => <a>it's</a>; const b = <b>it's {require('c')}</b>;`, 'js', ['require c 1']],
    ['a self-closing element', `const a = <A/>; const b = <B l={() => import('c')}/>;`, 'tsx', ['dynamic c 1']],
    ['generic arrows in .tsx', `const a = <T,>(b: T) => import('c');`, 'tsx', ['dynamic c 1']],
    ['type assertions in .ts', `const a = <any>require('b');`, 'ts', ['require b 1']],
    ['decorators and enums', `import { a } from 'a'; @a() class B { constructor(private c: D) { require('e'); } } enum F { G = 1 }`, 'ts', ['static a 1', 'require e 1']],
    ['escapes in a specifier', String.raw`import '\x61'; require("b\u0063");`, 'js', ['static a 1', 'require bc 1']],
    ['a byte order mark and a hashbang', `\ufeff#!/usr/bin/env node\nimport 'a';`, 'js', ['static a 2']],
    ['broken syntax', `import a from 'a';\nfunction ( { ]\nimport 'b';`, 'ts', ['static a 1', 'static b 3']],
    ['empty and endless specifiers, which name nothing', `import ''; require(""); require('${'a'.repeat(4097)}'); require('b');`, 'js', ['require b 1']],
    ['nothing', '', 'ts', []],
    ['words alone', `const imported = from + required + exports;`, 'js', []],
  ])('reads %s', (_title, source, pathClass, expected) => {
    expect(found(source, pathClass)).toEqual(expected);
  });

  it('keeps repeated imports, each with its line', () => {
    expect(found(`import a from 'x';\nimport b from 'x';\nrequire('x');`)).toEqual(['static x 1', 'static x 2', 'require x 3']);
  });

  it('reads the same with the lexer and with the syntax tree', () => {
    const source = `import a from 'a';\nimport type { B } from 'b';\nexport { c } from 'c';\nexport * from 'd';\nconst e = require('e');\n`;
    expect(importsOf(source, 'ts')).toEqual(importsOfTree(source, 'ts'));
  });

  it('reads deep nesting', () => {
    expect(found(`import 'a'; const b = ${'['.repeat(1000)}require('c')${']'.repeat(1000)};`, 'js')).toEqual(['static a 1', 'require c 1']);
  });

  it('reads long lines in time that grows with their length only', () => {
    expect(found(`import 'a'; const b = "${'import ('.repeat(200_000)}"; require('c')`, 'js')).toEqual(['static a 1', 'require c 1']);
  });
});
