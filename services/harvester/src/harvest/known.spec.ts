import { scan } from '@granary/extract';
import type { Fact } from '@granary/extract';
import { createKnownSnapshots } from './known';
import type { KnownSnapshot } from './known';

/** A snapshot of a few files with a fact of so many characters. */
const snapshot = (commit: string, { files = 1, body = 0, ruleSet = 'r' } = {}): KnownSnapshot => ({
  commit,
  ruleSet,
  files: Array.from({ length: files }, (_, n) => scan({ path: `${n}.ts`, utf8: true, type: 'file', blob: 'b', bytes: 1 }, ruleSet)),
  facts: new Map<string, Fact>([['k', { state: 'analysed', body: 'x'.repeat(body), items: 0, light: null, findings: null }]]),
  notes: new WeakMap(),
});

it('is of one commit and the rules that it was read by', () => {
  const known = createKnownSnapshots(100_000);
  const kept = snapshot('c1');
  known.keep('one', kept);
  expect(known.of('one', 'c1', 'r')).toBe(kept);
  expect([known.of('one', 'c2', 'r'), known.of('one', 'c1', 'other'), known.of('one', null, 'r'), known.of('two', 'c1', 'r')]).toEqual([null, null, null, null]);
  known.keep('one', snapshot('c2'));
  expect(known.of('one', 'c1', 'r')).toBeNull();
  known.forget('one');
  expect(known.of('one', 'c2', 'r')).toBeNull();
});

it('stays within its size: what was kept the longest ago goes first, and what is too large is not kept', () => {
  const known = createKnownSnapshots(10_000);
  for (const [id, body] of [['one', 4_000], ['two', 3_000], ['one', 3_500], ['three', 4_000], ['four', 20_000]] as const) known.keep(id, snapshot('c', { body }));
  expect(['one', 'two', 'three', 'four'].map((id) => known.of(id, 'c', 'r') !== null)).toEqual([true, false, true, false]);
  known.keep('three', snapshot('c', { files: 100 }));
  expect(known.of('three', 'c', 'r')).toBeNull();
});
