import { readCSharp } from '../csharp/source';
import { readJava } from '../java/source';
import { reduceRequirements } from '../manifests/python/requirements-txt';
import { readRust } from '../rust/source';

// Files are others' texts. Each of these once made, or could make, the same characters be read over and over.
const SIZE = 150_000;
const filled = (piece: string, end = ''): string => piece.repeat(Math.ceil(SIZE / piece.length)) + end;

it.each<[string, (text: string) => unknown, string]>([
  ['Java: imports that never end', readJava, filled('import ', ';')],
  ['Java: imports that are none', readJava, filled('import (', ';')],
  ['Java: mains', readJava, filled(' public static void main(String ')],
  ['Java: modifiers', readJava, filled('public static ', ' main')],
  ['Java: names', readJava, `import a.*;\n${filled('A B C D ')}`],
  ['Java: open annotations', readJava, filled('@A(')],
  ['Rust: uses that never end', readRust, filled('{use ')],
  ['Rust: uses that are none', readRust, filled('}use (', ';')],
  ['Rust: trees', readRust, `use ${filled('a::{')};`],
  ['Rust: many trees', readRust, filled(`use ${'a::{'.repeat(60)}a,a,a,a,a,a,a,a;`)],
  ['Rust: nested modules', readRust, filled('mod a{')],
  ['Rust: nested modules that use', readRust, filled('mod a{use self::b;')],
  ['Rust: open visibilities', readRust, filled(';pub(')],
  ['Rust: open macros', readRust, filled('quote!')],
  ['Rust: closed macros', readRust, filled('quote!{}')],
  ['Rust: hashes', readRust, filled('#"')],
  ['Rust: backslashes', readRust, `"${filled('\\')}`],
  ['Rust: comments in comments', readRust, filled('/*')],
  ['C#: usings that never end', readCSharp, filled('}using ')],
  ['C#: usings that are none', readCSharp, filled('}using (', ';')],
  ['C#: nested namespaces', readCSharp, filled('namespace A{')],
  ['C#: delegates', readCSharp, filled('delegate a<')],
  ['C#: delegates one by one', readCSharp, filled(';delegate a<a> a')],
  ['C#: mains', readCSharp, `class A { static ${filled('void Main() ')}`],
  ['C#: holes', readCSharp, filled('$"{(')],
  ['C#: conditions', readCSharp, filled('#if A\n{')],
  ['requirements of pip: a name', reduceRequirements, filled('a')],
  ['requirements of pip: names of archives', reduceRequirements, filled('a-1')],
  ['requirements of pip: a folder', reduceRequirements, `-e ./${filled('a@.git')}!`],
  ['C#: blanks', readCSharp, filled('A               ')],
])('%s', (_, read, text) => {
  const begun = process.threadCpuUsage();
  try {
    read(text);
  } catch (error) {
    // Absurd nesting may exhaust the stack; the file is then unreadable.
    expect(error).toBeInstanceOf(RangeError);
  }
  expect(process.threadCpuUsage(begun).user).toBeLessThan(1_500_000);
});
