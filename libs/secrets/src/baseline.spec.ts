import { applyBaseline, type Baseline, createBaseline, parseBaseline, renderBaseline } from './baseline';
import { identityOf } from './identity';

const key = 'ab'.repeat(32);
const hash = (digit: string): string => `hmac-sha256:${digit.repeat(64)}`;
const finding = (path: string, digit: string, allowed: { by: 'inline' | 'baseline'; reason: string } | null = null) => ({ rule: 'private-key', path, hash: hash(digit), allowed, line: 3 });
const baseline: Baseline = { version: 1, key, entries: [{ rule: 'private-key', path: 'a.pem', hash: hash('1'), reason: 'of the tests' }, { rule: 'private-key', path: 'gone.pem', hash: hash('2') }] };

it('allows what it has, whatever the line, and tells what is gone', () => {
  const { findings, stale } = applyBaseline([finding('a.pem', '1'), finding('a.pem', '3'), finding('b.pem', '1')], baseline);

  expect(findings.map(({ allowed }) => allowed)).toEqual([{ by: 'baseline', reason: 'of the tests' }, null, null]);
  expect(stale).toEqual([baseline.entries[1]]);
});

it('leaves inline allows as they are, and says so when an entry has no reason', () => {
  const inline = { by: 'inline' as const, reason: 'made up' };
  const { findings, stale } = applyBaseline([finding('a.pem', '1', inline), finding('gone.pem', '2')], baseline);

  expect(findings.map(({ allowed }) => allowed)).toEqual([inline, { by: 'baseline', reason: 'it is in the baseline' }]);
  expect(stale).toEqual([]);
});

it('is made of findings, sorted, once each, with the reasons of the former one', () => {
  const made = createBaseline([finding('b.pem', '4'), finding('a.pem', '1'), finding('a.pem', '1'), finding('c.pem', '5', { by: 'inline', reason: 'x' })], key, baseline);

  expect(made).toEqual({ version: 1, key, entries: [{ rule: 'private-key', path: 'a.pem', hash: hash('1'), reason: 'of the tests' }, { rule: 'private-key', path: 'b.pem', hash: hash('4') }] });
  expect(createBaseline([], null)).toEqual({ version: 1, key: null, entries: [] });
});

it('survives its file, one entry a line', () => {
  expect(parseBaseline(renderBaseline(baseline))).toEqual(baseline);
  expect(renderBaseline(baseline).split('\n')).toHaveLength(9);
  expect(parseBaseline(renderBaseline({ version: 1, key: null, entries: [] }))).toEqual({ version: 1, key: null, entries: [] });
});

it.each([
  ['not json', /is not JSON/],
  ['[]', /it is not an object/],
  ['{"version":2,"key":"x","entries":{}}', /"version" is 2[^]*"key" is neither[^]*"entries" is not a list/],
  ['{"version":1,"key":null,"entries":[{"rule":"","path":1,"hash":"sha","reason":2},3]}', /entries\[0\]: "rule" is missing[^]*entries\[0\]: "path"[^]*entries\[0\]: "hash"[^]*entries\[0\]: "reason"[^]*entries\[1\]: is not an object/],
])('refuses %j with all problems together', (text, message) => {
  expect(() => parseBaseline(text)).toThrow(expect.objectContaining({ kind: 'permanent', code: 'bad-baseline', message: expect.stringMatching(message) }));
});

it('has identities of rule, path and hash, and of nothing else', () => {
  const identity = identityOf(finding('a.pem', '1'));
  expect(identity).toMatch(/^secret:[0-9a-f]{32}$/);
  expect(identityOf({ ...finding('a.pem', '1') })).toBe(identity);
  expect(new Set([identity, identityOf(finding('b.pem', '1')), identityOf(finding('a.pem', '2')), identityOf({ ...finding('a.pem', '1'), rule: 'age-identity' })]).size).toBe(4);
});
