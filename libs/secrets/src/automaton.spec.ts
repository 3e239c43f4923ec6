import fc from 'fast-check';
import { buildAutomaton } from './automaton';

/** Every keyword with the offset behind it, by the machine. */
function hits(keywords: readonly string[], text: string): [string, number][] {
  const { classes, table, shift, firstAccepting, ends } = buildAutomaton(keywords);
  const found: [string, number][] = [];
  let state = 0;
  Buffer.from(text, 'latin1').forEach((byte, index) => {
    state = table[(state << shift) | (classes[byte] ?? 0)] ?? 0;
    if (state >= firstAccepting) for (const keyword of ends[state - firstAccepting] ?? []) found.push([keywords[keyword] ?? '', index + 1]);
  });
  return found.sort();
}

/** The same by looking everywhere. */
function expected(keywords: readonly string[], text: string): [string, number][] {
  const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return keywords.flatMap((keyword) => [...lower].flatMap((_, index): [string, number][] => (lower.startsWith(keyword, index) ? [[keyword, index + keyword.length]] : []))).sort();
}

it.each([
  [['he', 'she', 'his', 'hers'], 'USHERS', [['he', 4], ['hers', 6], ['she', 4]]],
  [['key', 'apikey'], 'myApiKey = api_key', [['apikey', 8], ['key', 18], ['key', 8]]],
  [['aa'], 'aaaa', [['aa', 2], ['aa', 3], ['aa', 4]]],
  [['x-y'], 'X-Y x_y', [['x-y', 3]]],
  [['ab'], '', []],
])('finds %p in %p', (keywords, text, found) => {
  expect(hits(keywords, text)).toEqual(found);
});

it('finds what looking everywhere finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-', 'ÿ'), maxLength: 40 });
  const keyword = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 2, maxLength: 4 });
  fc.assert(fc.property(fc.uniqueArray(keyword, { minLength: 1, maxLength: 8 }), letters, (keywords, text) => {
    expect(hits(keywords, text)).toEqual(expected(keywords, text));
  }));
});

it('keeps all 256 bytes apart, and grows beyond 65,535 states', () => {
  const keywords = Array.from({ length: 4_000 }, (_, index) => `${index.toString(36).padStart(4, '!')}${'z'.repeat(20)}`);
  expect(buildAutomaton(keywords).table).toBeInstanceOf(Uint32Array);
  expect(hits(keywords.slice(0, 50), `..${keywords[49]}..`)).toEqual([[keywords[49], 26]]);
});
