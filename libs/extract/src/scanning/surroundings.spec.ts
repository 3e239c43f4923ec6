import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import type { ImportFact } from '../facts';
import { readCSharp } from '../csharp/source';
import { readJava } from '../java/source';
import { readRust } from '../rust/source';

/** How a language hides text: what may hold code that must not count, given that code and some noise. */
interface Language {
  name: string;
  read: (source: string) => readonly ImportFact[];
  write: (name: string) => string;
  hide: readonly ((code: string, noise: string) => string)[];
  /** Code around an import that is none itself and may be mistaken for the begin of a string or a comment. */
  plain: readonly string[];
}

// Noise has no quotes, slashes or escapes of its own: each hiding place adds those that mean nothing inside of it.
const block = (code: string, noise: string): string => `/* " ' ${noise} ${code} // */`;
const line = (code: string, noise: string): string => `// " ' /* ${noise} ${code}\n`;

const LANGUAGES: readonly Language[] = [
  {
    name: 'Java',
    read: (source) => readJava(source).body.imports.filter(({ specifier }) => !specifier.startsWith('*.')),
    write: (name) => `import a.${name};`,
    hide: [block, line, (code, noise) => `@A("// ${noise} \\" ${code}")@B(c = """\n "" ' ${code} \\""" """) package x;`, (code, noise) => `@A(')', '\\'', "${code}${noise}") package y;`],
    plain: [';', '\r\n', '@A package z;', '\t'],
  },
  {
    name: 'Rust',
    read: (source) => readRust(source).imports,
    write: (name) => `use a::${name};`,
    hide: [block, line, (code, noise) => `/* /* ${code} */ ${noise} ; ${code} */`, (code, noise) => `f("{; // /* ' \\" ${code} ${noise}");`, (code, noise) => `f(r#"" ; \\ ' ${code} /* ${noise}"#, br##""#;${code}"##);`, (code) => `quote! { ; ${code} ' }`],
    plain: ["'a: loop { break 'a; }", `let c = ['"', '\\'', '/', b'"'];`, "fn f<'a>(x: &'a str) {}", 'a / b / c;', 'r#type();', '#[a(b = "]")]'],
  },
  {
    name: 'C#',
    read: (source) => readCSharp(source).body.imports.filter(({ specifier }) => !specifier.startsWith('*.')),
    write: (name) => `using a.${name};`,
    hide: [block, line, (code, noise) => `[A("] // ${noise} \\" ; ${code}")]`, (code, noise) => `[A(@"\\", @"""; /* ${code} ${noise} ")]`, (code, noise) => `[A("""" """ ; ${code} \\ ' ${noise} """")]`, (code, noise) => `[A($"{b["]; ${code}"]} }} \\" ${noise.replace(/[{}]/g, '$&$&')}; ${code}", $@"{c:' "" ${'"'.repeat(2)} }; ${code}")]`, (code, noise) => `\n#region it's " ${noise} ${code}\n`],
    plain: [`[A('"', '\\'', '/')]`, ';', '\r\n', 'namespace N { }', 'class C { int d = 1 / 2 / 3; }', '\n#if X\n', '\n#endif\n'],
  },
];

describe.each(LANGUAGES)('$name', ({ read, write, hide, plain }) => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).map((text) => `n${text}`);
  const noise = fc.stringMatching(/^[a-z0-9 .,:;(){}=<>|&+-]{0,20}$/);
  const piece = fc.oneof(
    name.map((wanted) => ({ text: write(wanted), wanted: [wanted] })),
    fc.tuple(fc.constantFrom(...hide), name, noise).map(([place, hidden, around]) => ({ text: place(write(hidden), around), wanted: [] as string[] })),
    fc.constantFrom(...plain).map((text) => ({ text, wanted: [] as string[] })),
  );

  it('finds the imports among strings and comments, and none inside of them', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const source = pieces.map(({ text }) => text).join('\n');
        const names = read(source).map(({ specifier }) => specifier.replace(/^.*[.:]/, ''));
        expect(names).toEqual(pieces.flatMap(({ wanted }) => wanted));
      }),
      { numRuns: 150 * TIMES },
    );
  });

  it('says the lines they stand on', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const source = pieces.map(({ text }) => text).join('\n');
        const lines = source.split('\n');
        for (const { specifier, line: at } of read(source)) expect(lines[at - 1]).toContain(specifier.replace(/^.*[.:]/, ''));
      }),
      { numRuns: 50 * TIMES },
    );
  });

  it('ends on any text', () => {
    const token = fc.constantFrom('"', "'", '/', '*', '\\', '{', '}', '(', ')', '[', ']', '$', '@', '#', 'r', 'b', '\n', 'using ', 'use ', 'import ', 'mod a', ':', ';', 'x', 'namespace ', 'class ', '"""', '!', 'quote', '\u00e4', '\ud83d');
    fc.assert(fc.property(fc.array(token, { maxLength: 40 }), (tokens) => Array.isArray(read(tokens.join('')))), { numRuns: 300 * TIMES });
  });
});
