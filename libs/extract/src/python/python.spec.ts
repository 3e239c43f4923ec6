import fc from 'fast-check';
import { readPython } from './imports';
import { python } from './python';

const found = (source: string, isStub = false): string[] => readPython(source, isStub).imports.map(({ specifier, kind, line }) => `${kind} ${specifier} ${line}`);

describe('Python imports', () => {
  it.each<[string, string, string[]]>([
    ['a module', 'import os', ['static os 1']],
    ['several, with other names', 'import a.b as c, d , e.f', ['static a.b 1', 'static d 1', 'static e.f 1']],
    ['blanks around the dots', 'import a . b\nfrom c . d import e', ['static a.b 1', 'static c.d:e 2']],
    ['names of a module, each', 'from a.b import c, d as e', ['static a.b:c 1', 'static a.b:d 1']],
    ['all names', 'from a import *\nfrom . import *', ['static a:* 1', 'static .:* 2']],
    ['its own package', 'from . import a\nfrom .b import c\nfrom .. import d\nfrom ..e.f import g\nfrom ... import h\nfrom .... i import j', ['static .:a 1', 'static .b:c 2', 'static ..:d 3', 'static ..e.f:g 4', 'static ...:h 5', 'static ....i:j 6']],
    ['no blank where none is needed', 'from.import a\nfrom.b import(c)\nfrom .import(d,)', ['static .:a 1', 'static .b:c 2', 'static .:d 3']],
    ['brackets over several lines, each name with its line', 'from a import (  # why\n    b,\n    # c,\n    d as e,\n\n    f\n)\nimport g', ['static a:b 2', 'static a:d 4', 'static a:f 6', 'static g 8']],
    ['a line that goes on behind a backslash', 'from a \\\n  import b, \\\n  c\nimport d, \\\n e', ['static a:b 2', 'static a:c 3', 'static d 4', 'static e 5']],
    ['statements on one line', 'import a; import b;from c import d; x = 1', ['static a 1', 'static b 1', 'static c:d 1']],
    ['functions, try and one-line blocks', 'def f():\n  import a\ntry: import b\nexcept ImportError: b = None\nelse: from c import d\nclass E: import f', ['static a 2', 'static b 3', 'static c:d 5', 'static f 6']],
    ['names that are no ASCII', 'import größe.naïve\nfrom 模块 import 名', ['static größe.naïve 1', 'static 模块:名 2']],
    ['the end without a line end', 'from a import b', ['static a:b 1']],
    ['line ends of Windows and old Macs', 'import a\r\nfrom b import (\r\n c)\r\nimport d\rimport e', ['static a 1', 'static b:c 3', 'static d 4', 'static e 5']],
    ['a byte order mark, a hashbang and a coding', '\ufeff#!/usr/bin/env python\n# -*- coding: latin-1 -*-\nimport a', ['static a 3']],
    ['__future__', 'from __future__ import annotations', ['static __future__:annotations 1']],
    ['nothing', '', []],

    ['no comment', '# import a\nx = 1  # from b import c\nimport d', ['static d 3']],
    ['no docstring', '"""\nimport a\n"""\nimport b\nr\'\'\'\nfrom c import d\n\'\'\'', ['static b 4']],
    ['no string', `x = "import a"; y = 'from b import c'; import d`, ['static d 1']],
    ['no other quotes within a string', `x = """a"b'c ""d "" import e\n""" 'import f' "it's"\nimport g`, ['static g 3']],
    ['escaped quotes', String.raw`x = "\"import a"; y = '\\'; import b; z = """\"""import c"""; import d`, ['static b 1', 'static d 1']],
    ['raw strings, in which a backslash keeps a quote too', String.raw`x = r"\"import a"; y = rb'\\'; import b`, ['static b 1']],
    ['a string that goes on behind a backslash', 'x = "a \\\nimport b"\nimport c', ['static c 3']],
    ['a string that nothing ends', 'x = "import a\nimport b', ['static b 2']],
    ['a docstring that nothing ends', 'import a\n"""\nimport b', ['static a 1']],
    ['f-strings', `x = f"import a {y} {{import b}}"; import c; z = f'{w:'>10}'; import d`, ['static c 1', 'static d 1']],
    ['f-strings with their own quotes inside', `x = f"{y["import a"]} {f"{'}'}"} import b"; import c`, ['static c 1']],
    ['f-strings with formats and comments inside', 'x = f"""{y:{w}.{p}} {z # }"""\n!r} import a"""; import b\nx = rf"\\\\{y}\\\\"; import c', ['static b 2', 'static c 3']],
    ['braces that lead nowhere', 'x = f"{a"\nimport b\ny = f"{a[" # import c"\nimport d', ['static b 2', 'static d 4']],
    ['words that only contain import', 'imported = important + from_import + reimport\nimport_module = 1\nx.imports()', []],
    ['from without import', 'def f():\n  yield from a\n  raise B from c\n  x = yield from d\nimport e', ['static e 5']],
    ['broken statements', 'import\nfrom . import\nimport b', ['static b 3']],

    ['imports for type checkers', 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a\n\n# c\n    from b import c\nimport d', ['static typing:TYPE_CHECKING 1', 'type a 3', 'type b:c 6', 'static d 7']],
    ['the flag by its module, on one line, in a function', 'import typing as t\nif t.TYPE_CHECKING: import a\ndef f():\n  if typing.TYPE_CHECKING:\n\timport b\n  import c\nimport d', ['static typing 1', 'type a 2', 'type b 5', 'static c 6', 'static d 7']],
    ['the other branch', 'if TYPE_CHECKING:\n  import a\nelse:\n  import b\nif not TYPE_CHECKING:\n  import c\nelse:\n  import d\nimport e', ['type a 2', 'static b 4', 'static c 6', 'type d 8', 'static e 9']],
    ['blocks within and around', 'if x:\n  if TYPE_CHECKING and y:\n    if z:\n      import a\n    import b\n  import c\nelif TYPE_CHECKING:\n  import d\nelse:\n  import e', ['type a 4', 'type b 5', 'static c 6', 'type d 8', 'static e 10']],
    ['brackets that reach further left', 'if TYPE_CHECKING:\n  from a import (\nb,\n)\n  x = [\n1]\n  import c', ['type a:b 3', 'type c 7']],

    ['dynamic imports', `import_module("a.b")\nimportlib.import_module( 'c', )\nx = __import__('d', fromlist=['e'])\nimport_module(name="f")`, ['dynamic a.b 1', 'dynamic c 2', 'dynamic d 3', 'dynamic f 4']],
    ['dynamic imports counted from a package', `import_module('.a', __package__)\nimport_module("..b", package=__name__)\nimport_module('.c', 'x.y')\nimport_module('..d', package='x.y')`, ['dynamic .a 1', 'dynamic ..b 2', 'dynamic x.y.c 3', 'dynamic x.d 4']],
    ['computed names', 'import_module(a)\nimport_module("a" + b)\nimport_module(f"a.{b}")\nimport_module("a.%s" % b)\nimport_module(".a")\nimport_module(".a", b)\nimport_module("...a", "b")\n__import__("a b")', []],
    ['functions of others', 'def import_module("a"): pass\nself.import_module("b")\nx.__import__("c")\nmy_import_module("d")', []],
  ])('reads %s', (_title, source, expected) => {
    expect(found(source)).toEqual(expected);
  });

  it('are all for types in a stub', () => {
    expect(found('import a\nfrom . import b as b', true)).toEqual(['type a 1', 'type .:b 2']);
  });

  it('have names that a module may have', () => {
    expect(found(`import ${'a'.repeat(4097)}\nimport b`)).toEqual(['static b 2']);
  });

  it('are read in time that grows with the length only', () => {
    const begun = performance.now();
    expect(found(`x = ${'"\\'.repeat(100_000)}\ny = ${'f"{'.repeat(20_000)}\nimport a`)).toEqual(['static a 3']);
    expect(found(`${'from '.repeat(100_000)}\n${'import_module('.repeat(50_000)}\nimport a`)).toEqual(['static a 3']);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a program', () => {
  it.each([
    [`if __name__ == "__main__":\n    main()`, true],
    [`if __name__=='__main__': main()`, true],
    [`if '__main__' == __name__:\n    main()`, true],
    [`if __name__ in {"__main__", "worker"}:\n    main()`, true],
    [`"""\nif __name__ == '__main__': main()\n"""`, false],
    [`# if __name__ == "__main__":`, false],
    [`x = __name__`, false],
    [`sys.modules["__main__"]`, false],
  ])('%j: %s', (source, entry) => {
    expect(readPython(source, false).entry).toBe(entry);
  });
});

it('says what a module is', () => {
  expect(python.extract('import a\nif __name__ == "__main__":\n  a()', 'py')).toEqual({ body: { imports: [{ specifier: 'a', kind: 'static', line: 1 }], entry: true }, items: 1 });
  expect(python.extract('', 'py')).toEqual({ body: { imports: [] }, items: 0 });
  expect(['a/b.py', 'a.pyi', 'a.pyw', 'a.pyc', 'py', 'a.py/b'].map((path) => python.classOf(path))).toEqual(['py', 'pyi', 'py', null, null, null]);
});

const seed = Date.now() % 2 ** 31;

it(`finds imports in any surroundings, and none inside strings and comments (seed ${seed})`, () => {
  const hidden = ['import hidden', 'from hidden import x', "it's", '"', '#', '{', '}', '(', 'é', ' ', '\\\\', 'if TYPE_CHECKING:'];
  const inner = (without: string): fc.Arbitrary<string> => fc.array(fc.constantFrom(...hidden.filter((piece) => ![...without].some((character) => piece.includes(character)))), { maxLength: 6 }).map((pieces) => pieces.join(' '));
  const noise = fc.oneof(
    inner('').map((text) => `# ${text}`),
    fc.tuple(fc.constantFrom('', 'r', 'b', 'Rb', 'u'), inner('"')).map(([prefix, text]) => `x = ${prefix}"${text}"`),
    fc.tuple(fc.constantFrom('', 'r', 'b'), inner("'")).map(([prefix, text]) => `call(${prefix}'${text}', [1])`),
    inner('"').map((text) => `"""${text}\n${text}\n"""`),
    fc.tuple(inner('"{}'), inner("\"'{}#\\:(")).map(([text, field]) => `x = f"${text}{'${field}'!r:>{width}}${text}"`),
    fc.constantFrom('x = {', '}', 'def f():', '  return 1', '', 'x = 1 \\', 'class A: pass', 'y = a["b"]'),
  );
  const visible = fc.constantFrom<[string, string[]]>(['import a.b as c', ['a.b']], ['from .a import (b,\n  c)', ['.a:b', '.a:c']], ['x = 1; import d', ['d']], ['try: import e', ['e']]);
  const line = fc.oneof({ weight: 3, arbitrary: noise.map((text): [string, string[]] => [text, []]) }, { weight: 1, arbitrary: visible });
  fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    const source = lines.map(([text]) => text).join('\n');
    expect(readPython(source, false).imports.map(({ specifier }) => specifier)).toEqual(lines.flatMap(([, specifiers]) => specifiers));
  }), { seed, numRuns: 300 });
});
