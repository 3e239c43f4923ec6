import fc from 'fast-check';
import { card, iban, KEY, rulesIn } from '../test/made-up';
import { findPersonalData, MAX_FINDINGS_PER_RULE } from './find';
import { personalDataClassOf } from './path-class';

const WHO = 'first.reader@granary-fixtures.dev';
const find = (text: string, key = KEY) => findPersonalData(Buffer.from(text), { key });

it('says where a value is and what it looks like, never the value', () => {
  const { findings, counts } = find(`// 😀 ü\nconst x = '😀 ${WHO}'; // ssn 751-48-2093\n`);
  expect(findings).toEqual([
    { rule: 'email', severity: 'medium', context: 'format', line: 2, column: 15, endLine: 2, endColumn: 48, hash: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/), preview: 'f…@g….dev' },
    { rule: 'us-ssn', severity: 'high', context: 'keyword', line: 2, column: 58, endLine: 2, endColumn: 69, hash: expect.stringMatching(/^hmac-sha256:/), preview: '•••-••-••••' },
  ]);
  expect(counts).toEqual({ email: 1, 'us-ssn': 1 });
});

it.each([
  [WHO, WHO.toUpperCase()],
  ['phone: +1 202 456 1414', 'phone: +1 (202) 456-1414'],
  [iban('DE', '370400440932017003'), iban('DE', '370400440932017003').replace(/(.{4})/g, '$1 ').trim()],
  ['dob: 1984-07-23', 'dob: 23.07.1984'],
  ['ssn 751-48-2093', 'ssn 751482093'],
])('%s and %s have one hash', (one, other) => {
  expect(find(one).findings[0]?.hash).toBe(find(other).findings[0]?.hash);
  expect(find(one).findings[0]?.hash).not.toBe(find(one, Buffer.alloc(32, 2)).findings[0]?.hash);
});

it('refuses a key that is too short to hide anything', () => {
  expect(() => find('', Buffer.alloc(8))).toThrow('8 bytes');
});

it('counts beyond what it keeps', () => {
  const rows = Array.from({ length: 2_500 }, (_, row) => `${row},reader${row}x@granary-fixtures.dev`).join('\n');
  const { findings, counts } = findPersonalData(Buffer.from(`id,email\n${rows}\n`), { key: KEY, pathClass: 'table' });
  expect(findings).toHaveLength(MAX_FINDINGS_PER_RULE);
  expect(counts).toEqual({ email: 2_500 });
});

describe('tables', () => {
  const PHONE = '2024561414';
  it.each([
    [`id,phone\n7,${PHONE}\n`, ['phone/medium']],
    [`id;Phone Number;note\n7;"${PHONE}";x\n`, ['phone/medium']],
    [`phone,order\n"a, b",${PHONE}\n`, []],
    [`name\tssn\nx\t751482093\n`, ['us-ssn/high']],
    [`order,part\n751482093,${PHONE}\n`, []],
    [`1,2\n3,${PHONE}\n`, []],
    [PHONE, []],
  ])('%j', (text, found) => expect(rulesIn(text, 'table')).toEqual(found));

  it('looks only at the key right before a value elsewhere', () => {
    expect(rulesIn(`id,phone\n7,${PHONE}\n`)).toEqual(['phone/medium']);
    expect(rulesIn(`phone\n\n7,${PHONE}\n`)).toEqual([]);
  });

  it.each([
    ['data/people.csv', 'table'],
    ['data/PEOPLE.TSV', 'table'],
    ['src/csv.ts', 'other'],
  ])('%s is of class %s', (path, pathClass) => expect(personalDataClassOf(path)).toBe(pathClass));

  it('reads a long row with many candidates once', () => {
    const row = Array.from({ length: 1_200 }, (_, cell) => String(2_024_561_414 + cell)).join(',');
    const header = Array.from({ length: 1_200 }, (_, cell) => (cell === 700 ? 'phone' : 'count')).join(',');
    expect(rulesIn(`${header}\n${`${row}\n`.repeat(20)}`, 'table')).toEqual(Array.from({ length: 20 }, () => 'phone/medium'));
  });

  it('gives up on rows without end', () => {
    expect(rulesIn(`a,phone\n${'x,'.repeat(9_000)}${PHONE}\n`, 'table')).toEqual([]);
    expect(rulesIn(`${'phone,'.repeat(9_000)}\n${PHONE}\n`, 'table')).toEqual(['phone/medium']);
  });
});

describe('wherever it stands', () => {
  const VALUES = [
    { value: WHO, rule: 'email' },
    { value: 'phone: (202) 456-1414', rule: 'phone' },
    { value: '751-48-2093', rule: 'us-ssn' },
    { value: `card ${card('453914880343646')}`, rule: 'payment-card' },
    { value: iban('DE', '370400440932017003'), rule: 'iban' },
    { value: 'JG 10 37 59 A', rule: 'uk-nino' },
    { value: 'dob: 1984-07-23', rule: 'date-of-birth' },
    { value: 'passport no: X7204913', rule: 'passport' },
  ];
  const filler = fc.array(fc.constantFrom('x = y;', 'ü😀', '(', '{', 'call(7)', 'a, b', '"q"', '0.5', '\n', '\r\n', '\t'), { maxLength: 40 }).map((parts) => parts.join(' '));

  it.each(VALUES)('a $rule is found, at its line and column', ({ value, rule }) => {
    fc.assert(
      fc.property(filler, filler, fc.constantFrom('\n', '\n  ', '\n"'), (before, after, gap) => {
        const text = `${before}${gap}${value}${gap.endsWith('"') ? '"' : '\n'}${after}`;
        const finding = find(text).findings.find((candidate) => candidate.rule === rule);
        const line = text.split('\n')[(finding?.line ?? 0) - 1] ?? '';
        const found = line.slice((finding?.column ?? 1) - 1, (finding?.endColumn ?? 1) - 1);
        return finding !== undefined && found !== '' && value.endsWith(found) && finding.line === finding.endLine;
      }),
    );
  });

  it('never throws, and never shows six digits or a word of what it read', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(...VALUES.map(({ value }) => value)), fc.stringMatching(/^[+(]?[0-9 ().-]{6,40}$/), fc.constantFrom('ssn', 'phone', 'cpf', '@', 'GB29'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.constantFrom('table' as const, 'other' as const), (pieces, pathClass) => {
        const { findings, counts } = findPersonalData(Buffer.from(pieces.join(' ')), { key: KEY, pathClass });
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return total === findings.length && findings.every(({ preview }) => !/\d{3}/.test(preview) && !/@\w{2}/.test(preview));
      }),
      { numRuns: 500 },
    );
  });

  it('finds every one of many candidates, also long after it began to look for the words first', () => {
    const numbers = 'n = 7204913;\n'.repeat(200);
    expect(rulesIn(`${numbers}passport no: X7204913\n`)).toEqual(['passport/high']);
    expect(rulesIn(numbers)).toEqual([]);
  });
});
