import { runInNewContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { withMarks } from './lines.cjs';

/** Runs a marked source. @returns the lines that can be marked, and those that were */
function run(source: string): { lines: number[]; ran: number[] } {
  const marked = withMarks(source);
  const marks = new Uint8Array(100);
  const { code } = transformSync(marked.source, { jsc: { parser: { syntax: 'typescript', decorators: true } }, isModule: false });
  runInNewContext(code, { $marks: marks });
  return { lines: marked.lines, ran: marked.lines.filter((line) => marks[line] === 1) };
}

describe('marks', () => {
  it.each([
    ['statements', 'let a = 1;\nif (a > 1)\n  a = 2;\nelse\n  a = 3;\n', [1, 2, 3, 5], [1, 2, 5]],
    ['statements without semicolons', 'let a = 1\n;[1].forEach(() => a)\na = 2\n', [1, 2, 3], [1, 2, 3]],
    ['a chain of conditions', 'if (false) {\n  1;\n} else if (true) {\n  2;\n} else {\n  3;\n}', [1, 2, 3, 4, 6], [1, 3, 4]],
    ['functions', 'function f() {\n  return 1;\n}\nfunction g() {\n  return 2;\n}\nf();', [2, 5, 7], [2, 7]],
    ['arrow functions', 'const f = () =>\n  1;\nconst g = () =>\n  ({ a: 2 });\nf();', [1, 2, 3, 4, 5], [1, 2, 3, 5]],
    ['classes', 'class A {\n  a =\n    1;\n  b() {\n    return 2;\n  }\n}\nnew A();', [1, 3, 5, 8], [1, 3, 8]],
    ['cases', 'switch (1 as number) {\n  case 1:\n    2;\n    break;\n  default:\n    3;\n}', [1, 3, 4, 6], [1, 3, 4]],
    ['loops', 'outer: for (const a of [1, 2])\n  for (const b of [3])\n    if (a + b > 0) continue outer;\n    else\n      4;', [1, 2, 3, 5], [1, 2, 3]],
    ['errors', 'try {\n  throw new Error();\n  1;\n} catch {\n  2;\n} finally {\n  3;\n}', [1, 2, 3, 5, 7], [1, 2, 5, 7]],
    ['types, which never run', 'interface A {\n  a: number;\n}\ntype B =\n  A;\nconst a = { a: 1 } satisfies B;', [6], [6]],
  ])('stand at %s', (_, source, lines, ran) => {
    expect(run(source)).toEqual({ lines, ran });
  });

  it('say once what is said by the beginning of the line', () => {
    expect(withMarks('if (a) b.map((c) => c + 1);').source).toBe('$marks[1]=1;if (a) b.map((c) => c + 1);');
  });

  it('move no line', () => {
    const source = '// one\n\nimport { a } from "./a";\n\nexport const b = (c: number) =>\n  // two\n  a(c);\n';
    expect(withMarks(source).source).toBe('// one\n\nimport { a } from "./a";\n\n$marks[5]=1;export const b = (c: number) =>\n  // two\n  ($marks[7]=1,a(c));\n');
  });
});
