import { csharp } from './csharp';
import { readCSharp } from './source';

const isMention = (specifier: string): boolean => specifier.startsWith('*.');
const found = (source: string): string[] => readCSharp(source).body.imports.flatMap(({ kind, specifier, line }) => (isMention(specifier) ? [] : [`${kind} ${specifier} ${line}`]));
const mentions = (source: string): string[] => readCSharp(source).body.imports.flatMap(({ specifier, line }) => (isMention(specifier) ? [`${specifier.slice(2)} ${line}`] : []));

it('reads .cs', () => {
  expect(['a/B.cs', 'a.csproj', 'cs'].map((path) => csharp.classOf(path))).toEqual(['csharp', null, null]);
  expect(csharp.extract('using A; namespace B; class C { D e; }', 'csharp')).toEqual({
    body: { imports: [{ specifier: 'A', kind: 'static', line: 1 }, { specifier: '*.D', kind: 'static', line: 1 }], declares: ['B', 'T:B.C'] },
    items: 1,
  });
});

describe('using', () => {
  it.each<[string, string, string[]]>([
    ['a namespace', 'using System;\nusing A.B.C;', ['static System 1', 'static A.B.C 2']],
    ['static', 'using static System.Math;', ['static System.Math 1']],
    ['global', 'global using A; global using static B.C; global using D = E.F;', ['reexport A 1', 'reexport B.C 1', 'reexport E.F 1']],
    ['an alias', 'using A = B.C; using D = E.F<G.H, int>; using I = J.K[];', ['static B.C 1', 'static E.F 1', 'static J.K 1']],
    ['an alias of what has no namespace', 'using A = int; using B = (int X, C.D Y); using unsafe E = int*; using F = string?;', []],
    ['from the root of names', 'using global::A.B; using C = global::D.E; extern alias F; using F::G;', ['static A.B 1', 'static D.E 1', 'static G 1']],
    ['blanks and comments in between', 'using /* x */ A\n . B // ;\n ;using C;', ['static A.B 1', 'static C 3']],
    ['escaped names', 'using @class.A;', ['static class.A 1']],
    ['inside of namespaces', 'namespace A { using B; namespace C { using D; class E {} } using F; }', ['static B 1', 'static D 1', 'static F 1']],
    ['below a namespace for the file', 'namespace A;\nusing B;', ['static B 2']],
    ['with a byte order mark and carriage returns', '\ufeffusing A;\r\nusing B;\r\n', ['static A 1', 'static B 2']],
    ['in every branch of a condition', '#if X\nusing A;\n#elif Y\nusing B;\n#else\nusing C;\n#endif\nusing D;', ['static A 2', 'static B 4', 'static C 6', 'static D 8']],
    ['behind branches that open the same block', '#if X\nnamespace A {\n#else\nnamespace B {\n#endif\nusing C;\n}\nusing D;', ['static C 6', 'static D 8']],
    ['behind prose', "#region It's \"this\nusing A;\n#endregion", ['static A 2']],
    ['behind attributes', '[assembly: A("]; using B;")]\nusing C;', ['static C 2']],
    ['statements', 'class A { void B() { using var c = D(); using (var e = F()) { } } }', []],
    ['in comments', '// using A;\n/* using B;\n */ using C;\n/// using D;', ['static C 3']],
    ['in strings', 'using A; class B { string c = "; } using D;\\" } using E;"; char f = \'"\'; } namespace G { using H; }', ['static A 1', 'static H 1']],
    ['in verbatim strings', 'class A { string b = @"\\"; string c = @"}} ""\n using D; "; } namespace E { using F; }', ['static F 2']],
    ['in raw strings', 'class A { string b = """}}\n "" using C;\n """; string d = $$""""}} """ {{{e}}} """"; } namespace F { using G; }', ['static G 3']],
    ['in interpolated strings', 'class A { string b = $"}} {{ {c["}"]} {d:}}} {(e ? \'"\' : f)} {global::G.H}\\" }}"; string i = $@"\\{j}""}}"; string k = @$"{$"{l}"}}}"; } namespace M { using N; }', ['static N 1']],
    ['not finished', 'using A; using B', ['static A 1']],
    ['unfinished texts end with their line', 'class A { string b = "}; string c = \'\n } namespace D { using E; }', ['static E 2']],
    ['an unfinished raw string', 'using A; """ using B;', ['static A 1']],
    ['unfinished holes', 'using A; class B { string c = $"{ using D;', ['static A 1']],
    ['an unfinished verbatim string', 'using A; class B { string c = @" using D;', ['static A 1']],
    ['an unfinished interpolated string', 'using A; class B { string c = $@" using D;', ['static A 1']],
    ['an unfinished format', 'using A; class B { string c = $"{d:', ['static A 1']],
  ])('%s', (_, source, imports) => {
    expect(found(source)).toEqual(imports);
  });
});

it.each<[string, string, readonly string[] | undefined]>([
  ['a namespace for the file', 'namespace A.B;\nclass C {}', ['A.B', 'T:A.B.C']],
  ['blocks inside of each other', 'namespace A { class B {} namespace C.D { struct E {} } interface F {} }', ['A', 'A.C.D', 'T:A.B', 'T:A.C.D.E', 'T:A.F']],
  ['all kinds of types', 'enum A { X } record B(int C); record struct D; record class E {} public sealed partial class F<T> : G where T : H {}', ['T:A', 'T:B', 'T:D', 'T:E', 'T:F']],
  ['delegates', 'public delegate Task<int> A(int b); delegate void B<in T>(T t);', ['T:A', 'T:B']],
  ['types with attributes', '[A, B(typeof(C))] [D] public class E {}', ['T:E']],
  ['no types inside of types', 'class A { class B {} enum C {} }', ['T:A']],
  ['escaped names', 'namespace @if { class @class {} }', ['if', 'T:if.class']],
  ['names in comments and blanks', 'namespace A // x\n . B /* y */\n{ class // z\n C {} }', ['A.B', 'T:A.B.C']],
  ['nothing', 'using A;', undefined],
])('declares %s', (_, source, declares) => {
  expect(readCSharp(source).body.declares).toEqual(declares);
});

it.each<[string, string, string[]]>([
  ['types of members', 'class A {\n B c; D<E> F; G[] H; I? J;\n K L() => M.N; }', ['B 2', 'D 2', 'E 2', 'G 2', 'I 2', 'K 3', 'M 3']],
  ['types of parameters with attributes', 'class A { void B([C] D e, [F("g")] H? i, J[,] Key) { } }', ['C 1', 'D 1', 'F 1', 'H 1', 'J 1']],
  ['bases and constraints', 'class A<T> : B, C<D> where T : E {}', ['B 1', 'C 1', 'D 1', 'E 1', 'T 1']],
  ['what is made, checked and cast', 'class A { void B() { var c = new D(); if (c is E || (F)c != null) throw new G(); foreach (H i in j) {} } }', ['D 1', 'E 1', 'F 1', 'G 1', 'H 1']],
  ['attributes', '[A, B(C.D)] class E { [F] int G; }', ['A 1', 'B 1', 'C 1', 'F 1']],
  ['static members', 'class A { int b = C.D(E.F); }', ['C 1', 'E 1']],
  ['not members, calls, nor what is assigned', 'class A { void B() { Call(); x.Member.Other(); Property = 1; new C { Name = 2 }; y?.Z(); } }', ['C 1']],
  ['not in texts and comments', 'class A { string b = "C"; /* D */ string e = $"{F}"; // G\n }', []],
  ['each once, where it is met first', 'class A {\n B c;\n B d; }', ['B 2']],
  ['patterns of a switch', 'class A { int B(object c) => c switch { D => 1, E { F: 2 } => 3, _ => 4 }; }', ['D 1', 'E 1', 'F 1']],
])('mentions %s', (_, source, names) => {
  expect(mentions(source).sort()).toEqual(names);
});

it.each<[string, string, true | undefined]>([
  ['static void Main', 'class A { static void Main(string[] args) { } }', true],
  ['public, asynchronous, with a result', 'class A { public static async Task<int> Main() { } }', true],
  ['of an instance', 'class A { void Main() { } }', undefined],
  ['of another type', 'class A { static B Main(int c) { } }', undefined],
  ['a call', 'class A { static void B() { Main(); } }', undefined],
  ['statements at the top', 'using A;\nvar b = C.D(args);\nb.Run();', true],
  ['a resource at the top', 'using A;\nusing var b = new C();', true],
  ['statements behind functions', 'static int A() => 1;\nreturn A();', true],
  ['only declarations', '[assembly: A]\nnamespace B;\npublic static partial class C { }\ninternal delegate void D();', undefined],
  ['in a comment', '// Console.WriteLine();\nclass A { /* static void Main() */ }', undefined],
])('tells a program: %s', (_, source, entry) => {
  expect(readCSharp(source).body.entry).toBe(entry);
});
