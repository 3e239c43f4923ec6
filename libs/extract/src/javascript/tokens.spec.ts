import type { JavaScriptClass } from './javascript-class';
import { importsOfTree } from './syntax-tree';
import { importsOfTokens } from './tokens';

describe('the tokens of a module', () => {
  it.each<[string, string, JavaScriptClass, string[]]>([
    ['require behind a spread', `const a = { ...require('a') };`, 'js', ['require a']],
    ['shifts, which open no element', `const a = (b << 2) | c[1] << 3, d = 1 << e; require('f');`, 'js', ['require f']],
    ['comparisons', `if (a < b && c > d) require('e');`, 'js', ['require e']],
    ['a pattern behind a condition and behind a block', `if (a) /require('b')/.test(c);\nif (a) {}\n/'/.test(require('d'));`, 'js', ['require d']],
    ['a pattern with a set and flags', `const a = /[/'"]\\/'/gu, b = c / d / require('e');`, 'js', ['require e']],
    ['division behind an object, a call and a postfix', `a = {} / b; c() / 2; d++ / 3; e[0] / require('f') / 4;`, 'js', ['require f']],
    ['division behind a name that is a keyword elsewhere', `a.return / b; c.case / require('d') / 2;`, 'js', ['require d']],
    ['a non-null assertion', `const a = b! / c! / 2; import('d').then();`, 'ts', ['dynamic d']],
    ['templates in templates', 'const a = `b ${`c ${require("d")} \\` ${{ e: `}` }.e}`} \\${ import "f"`; require("g");', 'js', ['require d', 'require g']],
    ['a list of exports before an import', `export { a, b as 'c' }\nimport d from 'd'\nexport { e } from 'e';`, 'js', ['static d', 'reexport e']],
    ['a type export of the module\'s own', `export type { A, B }\nexport { c } from 'c';\nexport type D = E;`, 'ts', ['reexport c']],
    ['comments in declarations', `import /* a */ b, /* 'x' */ { // 'y'\n c } /* d */ from /* e */ 'f';`, 'js', ['static f']],
    ['names of modules in strings', `import { 'a-b' as c } from 'd'; export * as 'e f' from 'g';`, 'js', ['static d', 'reexport g']],
    ['properties named like declarations', `const a = { import: 1, export: 2, require: 3 }; a.import; a.export; class B { import = 4; export() {} }`, 'js', []],
    ['a block, a class and what follows', `class A { static { require('a'); } }\nfor await (const b of c) /'/.test(b);\nexport default class {}\nimport 'd';`, 'js', ['require a', 'static d']],
    ['elements, attributes and fragments', `const a = <A b="it's" c={<B/>} {...d}>it's {e ? <></> : <C.D f-g='"'>// {/* ' */}</C.D>} {require('h')}</A>;`, 'jsx', ['require h']],
    ['elements behind arrows, conditions and returns', `const a = () => <a/>; if (b) <b>'</b>; function c() { return <c>'{require('d')}</c>; }`, 'jsx', ['require d']],
    ['type arguments of an element', `const a = <A<B, 'c' | D[]> e={require('f')}>it's</A>;`, 'tsx', ['require f']],
    ['type parameters of an arrow in .tsx', `const a = <T extends B>(b: T) => <c>'</c>; const d = <\n  T,\n>(e: T) => require('f');`, 'tsx', ['require f']],
    ['type assertions and generics in .ts', `const a = <B<C>>require('d'); const e = <T>(f: T) => g<T>(f);`, 'ts', ['require d']],
    ['calls of import in TypeScript', `await import('a'); import('b').then(c); const d = import('e'); f(import('g')); h ??= import('i'); j = () => import('k');\nl = import('m');`, 'ts', ['dynamic a', 'dynamic b', 'dynamic e', 'dynamic g', 'dynamic i', 'dynamic k', 'dynamic m']],
    ['lists of imports', `await Promise.all([import('a'), import('b')]); const c = d || import('e');`, 'ts', ['dynamic a', 'dynamic b', 'dynamic e']],
    ['an import in an object that is passed', `f<A>({ b: import('b'), c: d ? e : import('e') }); g({ h: 1 } / 2, require('i'));`, 'tsx', ['dynamic b', 'dynamic e', 'require i']],
    ['import types', `type A = import('a'); let b: import('b').B | import('c').C; let d = e as import('f').F; type G = typeof import('g'); type H = X<import('h')>; let i: import('i')[];`, 'ts', ['type a', 'type b', 'type c', 'type f', 'type g', 'type h', 'type i']],
    ['an arrow of a type', `type A = () => import('a').B; function f(c: import('d').E): void {}`, 'ts', ['type a', 'type d']],
    ['a line separator and other spaces', `\u2028import\u00a0a from\ufeff'b';`, 'js', ['static b']],
  ])('tell %s', (_title, source, pathClass, expected) => {
    const read = importsOfTokens(source, pathClass);
    expect(read?.map(({ kind, specifier }) => `${kind} ${specifier}`)).toEqual(expected);
    expect(read).toEqual(importsOfTree(source, pathClass));
  });

  it.each<[string, string, JavaScriptClass]>([
    ['a bracket without its partner', `import 'a'; function (`, 'js'],
    ['a bracket with another partner', `import 'a'; (]`, 'js'],
    ['a string, a template and a pattern without an end', `import 'a'; 'b`, 'js'],
    ['a template without an end', 'import "a"; `b', 'js'],
    ['a pattern without an end', `import 'a'; = /b`, 'js'],
    ['an element without an end', `import 'a'; const b = <c>`, 'tsx'],
    ['an element closed by another', `import 'a'; const b = <c></d>;`, 'tsx'],
    ['a function type that looks like an element', `import 'a'; let b: <T>(c: T) => void;`, 'tsx'],
    ['a slash behind a brace of either kind', `import 'a'; b: {} /c/`, 'js'],
    ['an import that is a property or a type', `let a = { b: import('c') };`, 'ts'],
    ['escapes in a specifier', String.raw`require('\x61')`, 'js'],
    ['an escaped name', String.raw`\u0072equire('a')`, 'js'],
    ['odd calls', `require?.('a')`, 'js'],
    ['phases of calls', `import.defer('a')`, 'js'],
  ])('leave %s to the parser', (_title, source, pathClass) => {
    expect(importsOfTokens(source, pathClass)).toBeNull();
  });

  it('read many elements and deep ones without a stack of calls', () => {
    const source = `const a = <b>${'<c/>'.repeat(50_000)}${'<d>'.repeat(20_000)}{require('e')}${'</d>'.repeat(20_000)}</b>;`;
    expect(importsOfTokens(source, 'jsx')).toEqual([{ specifier: 'e', kind: 'require', line: 1 }]);
  });

  it.each([
    ['import ', 'x'], ['import {', '}'], ['import { a, ', '}'], ['export { ', '} from "a"'], ['import a, ', ';'], ['<a', '>'], ['= <a b', '/>'], ['= <A<', '>'], ['require(', ')'], ["import('a'", ')'], ['/* ', '*/'], ['a / ', ';'], ['= <T ', '>'],
  ])('read %j over and over in time that grows with the length only', (piece, end) => {
    const begun = process.cpuUsage();
    for (const pathClass of ['ts', 'tsx'] as const) importsOfTokens(piece.repeat(150_000 / piece.length) + end, pathClass);
    const { user } = process.cpuUsage(begun);
    expect(user).toBeLessThan(1_500_000);
  });
});
