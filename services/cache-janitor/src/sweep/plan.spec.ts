import { plan, proposalsOf, type Decision, type Listed } from './plan';

const now = new Date('2026-03-10T00:00:00.000Z');
const MB = 1_000_000;
const policy = { expiryMs: 7 * 86_400_000, budgetBytes: 500 * MB, mirrorBudgetBytes: 1_000 * MB, compressOverBytes: MB };

/** Something small that was used so many days ago. */
const entry = (id: string, days: number, overrides: Partial<Listed> = {}): Listed => ({ owner: 'normalizer', tenant: 'default', kind: 'artifact', id, bytes: 1_000, compression: 'fast', lasting: false, inUse: false, lastUsedAt: now.getTime() - days * 86_400_000, ...overrides });
const said = (decisions: readonly Decision[]): string[] => decisions.map(({ id, action, why }) => `${action} ${id}: ${why}`);

it.each<[string, readonly Listed[], readonly string[], number]>([
  ['nothing is there', [], [], 0],
  ['all was used lately and is small', [entry('a', 6.9), entry('b', 0)], [], 0],
  ['something was not used for the expiry', [entry('a', 7), entry('b', 100)], ['evict b: expired', 'evict a: expired'], 0],
  ['what expired is in use', [entry('a', 100, { inUse: true })], [], 0],
  ['what expired lasts', [entry('m', 100, { kind: 'mirror', lasting: true })], [], 0],
  ['there is more than the budget: the longest unused goes, no more than needed', [entry('new', 1, { bytes: 300 * MB, compression: 'dense' }), entry('old', 3, { bytes: 100 * MB, kind: 'facts' }), entry('middle', 2, { bytes: 150 * MB, compression: 'dense' })], ['evict old: over-budget'], 0],
  ['there is exactly the budget', [entry('a', 1, { bytes: 500 * MB, compression: 'dense' })], [], 0],
  ['what expired makes room enough', [entry('a', 8, { bytes: 100 * MB }), entry('b', 1, { bytes: 450 * MB, compression: 'dense' })], ['evict a: expired'], 0],
  ['what is in use fills the budget alone', [entry('used', 9, { bytes: 600 * MB, inUse: true, compression: 'dense' }), entry('b', 1, { bytes: 5 })], ['evict b: over-budget'], 100 * MB],
  ['mirrors have a budget of their own, before which even those that last go', [entry('a', 1, { kind: 'mirror', bytes: 600 * MB, lasting: true }), entry('b', 2, { kind: 'mirror', bytes: 600 * MB, lasting: true }), entry('c', 1)], ['evict b: over-budget'], 0],
  ['large artifacts stay: they are packed once, also in use, and facts are not', [entry('a', 1, { bytes: MB + 1 }), entry('b', 1, { bytes: MB }), entry('c', 1, { bytes: 2 * MB, compression: 'dense' }), entry('d', 1, { bytes: 2 * MB, kind: 'facts' }), entry('e', 9, { bytes: 2 * MB }), entry('f', 9, { bytes: 2 * MB, inUse: true })], ['evict e: expired', 'compress a: large', 'compress f: large'], 0],
])('when %s', (_what, listed, decisions, overBytes) => {
  const planned = plan(listed, policy, now);
  expect(said(planned.decisions)).toEqual(decisions);
  expect(planned.overBytes).toBe(overBytes);
});

it('counts what was there, by owner, tenant and kind', () => {
  const { parts } = plan([entry('a', 1), entry('b', 1, { inUse: true, bytes: 5 }), entry('a', 1, { tenant: 'other' }), entry('m', 1, { owner: 'harvester', kind: 'mirror' })], policy, now);
  expect(parts).toEqual([
    { owner: 'normalizer', tenant: 'default', kind: 'artifact', entries: 2, bytes: 1_005, usedEntries: 1, usedBytes: 5 },
    { owner: 'normalizer', tenant: 'other', kind: 'artifact', entries: 1, bytes: 1_000, usedEntries: 0, usedBytes: 0 },
    { owner: 'harvester', tenant: 'default', kind: 'mirror', entries: 1, bytes: 1_000, usedEntries: 0, usedBytes: 0 },
  ]);
});

it('proposes to each owner what is of one tenant, so much at once as one call may name', () => {
  const decisions = plan([...Array.from({ length: 251 }, (_, n) => entry(`${n}`, 8)), entry('x', 8, { tenant: 'other' }), entry('l', 1, { bytes: 2 * MB }), entry('k', 1, { bytes: 2 * MB })], policy, now).decisions;
  expect(proposalsOf(decisions).map(({ owner, tenant, action, decisions: some }) => [owner, tenant, action, some.length])).toEqual([
    ['normalizer', 'default', 'evict', 250],
    ['normalizer', 'default', 'evict', 1],
    ['normalizer', 'other', 'evict', 1],
    ['normalizer', 'default', 'compress', 1],
    ['normalizer', 'default', 'compress', 1],
  ]);
});
