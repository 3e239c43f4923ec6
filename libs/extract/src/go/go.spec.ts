import fc from 'fast-check';
import { go } from './go';
import { readGo } from './header';

const found = (source: string): string[] => readGo(source).imports.map(({ specifier, kind, line }) => `${kind} ${specifier} ${line}`);

describe('Go imports', () => {
  it.each<[string, string, string[]]>([
    ['one', 'package a\n\nimport "fmt"\n', ['static fmt 3']],
    ['a block', 'package a\n\nimport (\n\t"fmt"\n\n\t"example.org/b/c"\n)\n', ['static fmt 4', 'static example.org/b/c 6']],
    ['several declarations', 'package a\nimport "a"\nimport (\n"b"\n)\nimport "c"\nvar x = 1', ['static a 2', 'static b 4', 'static c 6']],
    ['other names, dots and blanks', 'package a\nimport b "x/b"\nimport . "c"\nimport _ "d"\nimport (\n. "e"\n_ "f"\nü "g"\n)', ['static x/b 2', 'static c 3', 'static d 4', 'static e 6', 'static f 7', 'static g 8']],
    ['everything on one line', 'package a; import "b"; import ("c"; d "e";); var f int', ['static b 1', 'static c 1', 'static e 1']],
    ['no blanks', 'package a\nimport"b"\nimport("c")\nimport d"e"', ['static b 2', 'static c 3', 'static e 4']],
    ['raw strings', 'package a\nimport `b/c`', ['static b/c 2']],
    ['comments everywhere', '// import "x"\n/* package y\nimport "z" */ package /* a */ a // b\nimport /* "c" */ ( // "d"\n/* "e"\n*/ "f" /**/ // "g"\n"h")', ['static f 6', 'static h 7']],
    ['cgo', 'package a\n\n// #include <stdio.h>\nimport "C"\nimport "unsafe"', ['static C 4', 'static unsafe 5']],
    ['line ends of Windows and a byte order mark', '\ufeffpackage a\r\nimport (\r\n"b"\r\n)\r\n', ['static b 3']],
    ['an empty block', 'package a\nimport ()\nimport "b"', ['static b 3']],
    ['nothing after the imports', 'package a\nimport "b"\nconst c = `\nimport "d"\n`\nvar e = "import \\"f\\""\n', ['static b 2']],
    ['a block that nothing closes', 'package a\nimport (\n"b"\nfunc c() {}', ['static b 3']],
    ['empty and endless paths, which name nothing', `package a\nimport ""\nimport "${'a'.repeat(4097)}"\nimport "b"`, ['static b 4']],
    ['words that only begin so', 'package a\nimporter("b")', []],
    ['what is no Go', 'import "a"', []],
    ['nothing', '', []],
  ])('reads %s', (_title, source, expected) => {
    expect(found(source)).toEqual(expected);
  });

  it('are read in time that grows with the length only', () => {
    const begun = performance.now();
    expect(found(`/*${' *'.repeat(200_000)}*/${'\n;'.repeat(200_000)}package a${'\n'.repeat(200_000)}import "b"`)).toEqual(['static b 400001']);
    expect(readGo(`package main\n${'/*\nfunc main() */ `'.repeat(20_000)}`).entry).toBe(false);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

it.each<[string, string | null, boolean]>([
  ['package a_test', 'a_test', false],
  ['package main\nfunc main() {}', 'main', true],
  ['package main\nimport "fmt"\n\nvar x = "/*"\nfunc main () {}', 'main', true],
  ['package a\nfunc main() {}', 'a', false],
  ['package main\nfunc (x T) main() {}\nfunc mainly() {}', 'main', false],
  ['package main\nconst x = `\nfunc main() {}\n`', 'main', false],
  ['package main\n/*\nfunc main() {}\n*/', 'main', false],
  ["package main\nvar x = '`'\nconst y = `\nfunc main() {}\n`\nfunc main() {}", 'main', true],
  ['//go:build ignore\n\npackage main\nfunc main() {}', null, true],
  ['// +build ignore\n\npackage main', null, false],
  ['//go:build linux && ignore\n\npackage a', 'a', false],
  ['var a = 1', null, false],
])('%j declares %s, starts a program: %s', (source, declares, entry) => {
  expect(readGo(source)).toEqual(expect.objectContaining({ declares, entry }));
});

it('says what a file is', () => {
  expect(go.extract('package main\nimport "a"\nfunc main() {}', 'go')).toEqual({ body: { imports: [{ specifier: 'a', kind: 'static', line: 2 }], declares: ['main'], entry: true }, items: 1 });
  expect(go.extract('', 'go')).toEqual({ body: { imports: [] }, items: 0 });
  expect(['a/b.go', 'a_test.go', 'go.mod', 'a.go/b'].map((path) => go.classOf(path))).toEqual(['go', 'go', null, null]);
});

const seed = Date.now() % 2 ** 31;

it(`finds imports among any comments, and none behind the imports (seed ${seed})`, () => {
  const words = fc.array(fc.constantFrom('import "x"', 'package y', '"', '`', "it's", '(', ')', 'é'), { maxLength: 5 }).map((pieces) => pieces.join(' '));
  const comment = fc.oneof(words.map((text) => `// ${text}\n`), words.map((text) => `/* ${text}\n*/`), fc.constantFrom(' ', '\n', '\t'));
  const gap = fc.array(comment, { maxLength: 3 }).map((pieces) => ['\n', ...pieces, '\n'].join(''));
  const declaration = fc.constantFrom<[string, string[]]>(['import "a"', ['a']], ['import b "c/d"', ['c/d']], ['import (\n_ "e"\n. `f`\n)', ['e', 'f']], ['import ()', []]);
  const behind = fc.array(fc.oneof(words.map((text) => `const a = \`${text.replaceAll('`', '')}\n import "z"\``), words.map((text) => `// ${text}`)), { maxLength: 4 }).map((lines) => ['var v = 1', ...lines].join('\n'));
  fc.assert(fc.property(gap, fc.array(fc.tuple(declaration, gap), { maxLength: 6 }), behind, (start, declarations, rest) => {
    const source = `${start}package a${declarations.map(([[text], between]) => `\n${text}${between}`).join('')}\n${rest}`;
    expect(readGo(source).imports.map(({ specifier }) => specifier)).toEqual(declarations.flatMap(([[, specifiers]]) => specifiers));
  }), { seed, numRuns: 300 });
});
