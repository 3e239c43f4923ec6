import { decideFailure, doubling } from './retry';

const pace = { maxAttempts: 3, againMs: 5000 };

describe('a failed attempt', () => {
  it.each([
    ['transient', 1, { state: 'again', delayMs: 5000 }],
    ['transient', 2, { state: 'again', delayMs: 10_000 }],
    ['transient', 3, { state: 'failed' }],
    ['permanent', 1, { state: 'failed' }],
  ] as const)('that is %s, number %d', (kind, attempts, decision) => {
    expect(decideFailure(kind, attempts, pace)).toEqual(decision);
  });

  it('waits ever longer, an hour at most', () => {
    expect([1, 2, 3, 7, 50].map(doubling(60_000))).toEqual([60_000, 120_000, 240_000, 3_600_000, 3_600_000]);
  });
});
