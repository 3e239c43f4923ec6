import fc from 'fast-check';
import { nextPollIn } from './next-poll';

const pace = { busyMs: 15_000, quietMs: 240_000 };
const range = (stillMs: number, failures = 0) => [nextPollIn(pace, { stillMs, failures }, 0), nextPollIn(pace, { stillMs, failures }, 0.999_999)].map((ms) => Math.round(ms / 1000));

describe('the next poll', () => {
  it.each([
    ['just changed', 0, 0, [15, 30]],
    ['changed five minutes ago', 300_000, 0, [15, 30]],
    ['changed twenty minutes ago', 1_200_000, 0, [60, 120]],
    ['changed last week', 604_800_000, 0, [120, 240]],
    ['failed once', 0, 1, [30, 60]],
    ['failed often', 0, 50, [120, 240]],
  ])('of a repository that %s', (_, stillMs, failures, seconds) => {
    expect(range(stillMs, failures)).toEqual(seconds);
  });

  it('is never sooner than busy and never later than quiet', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (stillMs, failures, random) => {
        const wait = nextPollIn(pace, { stillMs, failures }, random);
        expect(wait).toBeGreaterThanOrEqual(pace.busyMs);
        expect(wait).toBeLessThanOrEqual(pace.quietMs);
      }),
    );
  });
});
