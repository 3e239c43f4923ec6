import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { read } from '../test/read';
import { findAiUsage, MAX_CALLS, MAX_EVIDENCE } from './find';
import { tokenize, type Syntax } from './tokens';

const LANGUAGES = ['typescript', 'python', 'go', 'java', 'kotlin', 'rust', 'c#'];

it('dismisses what imports nothing of AI and names no provider', () => {
  const source = 'client.chat.completions.list(); generateText();';
  expect(findAiUsage(source, { language: 'typescript', imports: [{ specifier: 'lodash', kind: 'static', line: 1 }] })).toEqual({ calls: [], mentions: [], omitted: 0 });
});

it('an import of types alone binds nothing', () => {
  const source = "import type OpenAI from 'openai';\nclient.embeddings.list();";
  expect(findAiUsage(source, { language: 'typescript', imports: [{ specifier: 'openai', kind: 'type', line: 1 }] }).mentions).toEqual([]);
});

it('counts beyond what it keeps', () => {
  const source = `import OpenAI from 'openai';\nconst c = new OpenAI();\n${"c.chat.completions.create({ model: 'gpt-4o' });\n".repeat(MAX_CALLS + 20)}`;
  const { calls, omitted } = read('typescript', source);
  expect([calls.length, omitted]).toEqual([MAX_CALLS, 21]);
});

it('keeps a bounded number of names as evidence, and no text of the source', () => {
  const checks = Array.from({ length: 30 }, (_, at) => `moderate${at}(t);`).join('');
  const source = `import OpenAI from 'openai';\nfunction f() { ${checks} new OpenAI().chat.completions.create({ model: 'a sentence that is no model', messages: ['private words'] }); }`;
  const [, call] = read('typescript', source).calls;
  expect(call?.evidence.length).toBe(MAX_EVIDENCE);
  expect(JSON.stringify(read('typescript', source))).not.toMatch(/private|sentence/);
});

const call = "import OpenAI from 'openai';\nconst c = new OpenAI();\nc.chat.completions.create({ model: 'gpt-4o' });\n";
const filler = fc.array(fc.constantFrom('const a = 1;', "// it's", '/* ` " */', "const s = 'x';", 'const t = `a ${b} c`;', 'if (a) { b(); }', 'const r = /["`]/g;', 'function f(x) { return x; }', '😀;', '<p>text</p>;'), { maxLength: 30 }).map((lines) => `${lines.join('\n')}\n`);

it('finds a call at its line, whatever stands around it', () => {
  fc.assert(
    fc.property(filler, filler, (before, after) => {
      const source = before + call + after;
      const found = read('typescript', source).calls.find(({ operation }) => operation === 'chat');
      return found?.line === before.split('\n').length + 2 && found.column === 1 && found.model === 'gpt-4o';
    }),
  );
});

it('reads any text without an error, in any language', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('import openai', "'", '"""', '`${', '}', 'openai.', 'chat.completions.create(', 'OPENAI_API_KEY', 'r#"', '/*', 'def f(', 'func f() {', 'use a::{', '\n', '=', 'model=', '\\', 'new OpenAI', '<', 'fetch("https://api.openai.com'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(...LANGUAGES), (pieces, language) => {
      const { calls } = read(language, `OPENAI_API_KEY ${pieces.join('')}`);
      return calls.every(({ line, column }) => line >= 1 && column >= 1);
    }),
    { numRuns: 300 * TIMES },
  );
});

it.each([
  ['rust', `use a${'::{a'.repeat(20_000)}`],
  ['typescript', `model: ${'new '.repeat(20_000)}`],
  ['typescript', `fetch(${'a('.repeat(20_000)}`],
  ['python', `${'def f(): '.repeat(20_000)}`],
  ['go', `func f() {${'{'.repeat(20_000)}`],
])('takes endless nesting in %s', (language, source) => {
  expect(read(language, `OPENAI_API_KEY\n${source}`).calls).toEqual([]);
});

it('tokens stand in order and inside the text', () => {
  const syntaxes: Syntax[] = ['javascript', 'python', 'go', 'java', 'kotlin', 'rust', 'csharp'];
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...syntaxes), (source, syntax) => {
      const tokens = tokenize(source, syntax);
      return tokens.every(({ at, kind, text }, index) => at < source.length && (index === 0 || at > (tokens[index - 1]?.at ?? -1)) && (kind !== 'name' || source.startsWith(text, at)));
    }),
    { numRuns: 300 * TIMES },
  );
});
