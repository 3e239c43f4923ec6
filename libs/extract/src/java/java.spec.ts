import { java } from './java';
import { readJava } from './source';

const found = (source: string): string[] => readJava(source).body.imports.map(({ kind, specifier, line }) => `${kind} ${specifier} ${line}`);

it('reads .java', () => {
  expect(['a/B.java', 'a/B.kt', 'a/java', 'B.java.txt'].map((path) => java.classOf(path))).toEqual(['java', null, null, null]);
  expect(java.extract('import a.B; import c.*; class X { D d; }', 'java')).toEqual({
    body: { imports: [{ specifier: 'a.B', kind: 'static', line: 1 }, { specifier: 'c.*', kind: 'static', line: 1 }, { specifier: '*.X', kind: 'static', line: 1 }, { specifier: '*.D', kind: 'static', line: 1 }] },
    items: 2,
  });
});

describe('imports', () => {
  it.each<[string, string, string[]]>([
    ['a type', 'package x;\nimport a.b.C;', ['static a.b.C 2']],
    ['two on a line', 'import a.B; import c.D ;', ['static a.B 1', 'static c.D 1']],
    ['a static member', 'import static a.B.c;', ['static a.B.c 1']],
    ['all static members', 'import static java.lang.Math.*;', ['static java.lang.Math.* 1']],
    ['a package of the runtime', 'import java.util.*; class A { List b; }', ['static java.util.* 1']],
    ['a module', 'import module java.base;', ['static module java.base 1']],
    ['blanks and comments in between', 'import /* x */ static\n a . b // c;\n . C ;\nimport d.E;', ['static a.b.C 1', 'static d.E 4']],
    ['names of other alphabets', 'import größe.Maß;', ['static größe.Maß 1']],
    ['the names of nested types', 'import a.B.C;', ['static a.B.C 1']],
    ['after a licence that mentions one', '/*\n import a.B;\n */\n// import c.D;\nimport e.F;', ['static e.F 5']],
    ['after a package with annotations', '@A(b = ";", c = \')\', d = """\n import x.Y; "\n""")\n@E package f;\nimport g.H;', ['static g.H 5']],
    ['after stray semicolons', 'package a;;import b.C;;\n;import d.E;', ['static b.C 1', 'static d.E 2']],
    ['with a byte order mark', '\ufeffimport a.B;', ['static a.B 1']],
    ['with carriage returns', 'package a;\r\nimport b.C;\r\nimport d.E;\r\n', ['static b.C 2', 'static d.E 3']],
    ['none after the first type', 'class A { String b = "import c.D;"; }\nimport e.F;', []],
    ['none after an annotated type', '@A(import = 1) class B {}\nimport c.D;', []],
    ['none of an annotation type', '@interface A {}\nimport c.D;', []],
    ['none without a semicolon', 'import a.B', []],
    ['none that is no name', 'import 1a.B; import .c; class X {}', []],
    ['none of a name that begins with it', 'imports a.B;', []],
    ['nothing', '', []],
    ['an unfinished comment', 'import a.B; /* import c.D;', ['static a.B 1']],
    ['an unfinished annotation', '@A("', []],
  ])('%s', (_, source, imports) => {
    expect(found(source)).toEqual(imports);
  });
});

it('notes the names that may be what a wildcard brings', () => {
  const source = 'import a.*;\nclass X extends Y {\n  Z z = q.Other; // Comment\n  String s = "Text" + \'T\' + """\n   Block """;\n  Y again; d1E lower; @Note int n;\n}';
  expect(found(source)).toEqual(['static a.* 1', 'static *.X 2', 'static *.Y 2', 'static *.Z 3', 'static *.String 4', 'static *.Note 6']);
});

it.each<[string, string, readonly string[] | undefined]>([
  ['a package', 'package a . b ;', ['a.b']],
  ['none', 'class A {}', undefined],
  ['none in a comment', '/* package a; */ class A {}', undefined],
])('declares %s', (_, source, declares) => {
  expect(readJava(source).body.declares).toEqual(declares);
});

it.each<[string, string, true | undefined]>([
  ['public static void main', 'class A { public static void main(String[] args) {} }', true],
  ['in another order, final, with dots', 'class A { static public void main(final String... args) {} }', true],
  ['over several lines', 'class A {\n  public static\n  void main(\n  String args[]) {} }', true],
  ['in a comment', 'class A { // public static void main(String[] args)\n }', undefined],
  ['in a text block', 'class A { String b = """\n "x" public static void main(String[] args) {} """; }', undefined],
  ['first in a text, then in code', 'class A { String b = " public static void main(String[] args)"; public static void main(String[] args) {} }', true],
  ['of an instance', 'class A { public void main(String[] args) {} }', undefined],
  ['with other parameters', 'class A { public static void main(int a) {} }', undefined],
])('tells a program: %s', (_, source, entry) => {
  expect(readJava(source).body.entry).toBe(entry);
});
