import { judgeGap } from './hole';

const stream = (firstSequence: number) => ({ created: '2026-03-02T09:00:00Z', firstSequence, lastSequence: 100 });
const gap = { first: 6, last: 7 };

describe('judgeGap', () => {
  it('knows expired messages at once', () => {
    expect(judgeGap(gap, stream(8), null, 5_000)).toEqual({ state: 'missing', range: gap });
  });

  it('reads again before it believes that others are gone, the second time after the lease of a writer before has run out', () => {
    const first = judgeGap(gap, stream(7), null, 5_000);
    expect(first).toEqual({ state: 'read-again', suspicion: { gap, met: 1 }, pauseMs: 0 });
    const second = judgeGap(gap, stream(1), { gap, met: 1 }, 5_000);
    expect(second).toEqual({ state: 'read-again', suspicion: { gap, met: 2 }, pauseMs: 5_000 });
    expect(judgeGap(gap, stream(1), { gap, met: 2 }, 5_000)).toEqual({ state: 'missing', range: gap });
  });

  it('begins anew with another gap', () => {
    expect(judgeGap({ first: 6, last: 9 }, stream(1), { gap, met: 2 }, 5_000)).toMatchObject({ state: 'read-again', suspicion: { met: 1 } });
  });
});
