import { NO_CLOCK } from '../record/clock';
import { lagMessages, lagSeconds, marginSeconds } from './lag';

const created = '2026-03-02T09:00:00Z';
const stream = { created, firstSequence: 11, lastSequence: 100 };
const tail = { epoch: 1, streamCreated: created, previousEpoch: null, firstSequence: 1, lastSequence: 90, lastStoredAt: null, clock: NO_CLOCK };
const at = (seconds: number) => new Date(seconds * 1_000);

describe('lagMessages', () => {
  it('counts what the stream holds behind the log', () => {
    expect(lagMessages(tail, stream)).toBe(10);
    expect(lagMessages({ ...tail, lastSequence: 100 }, stream)).toBe(0);
  });

  it('does not count what the stream no longer holds', () => {
    expect(lagMessages({ ...tail, lastSequence: 5 }, stream)).toBe(90);
    expect(lagMessages(tail, { created, firstSequence: 101, lastSequence: 100 })).toBe(0);
  });

  it('counts everything of a stream that the log does not know', () => {
    expect(lagMessages(null, stream)).toBe(90);
    expect(lagMessages({ ...tail, streamCreated: 'before' }, stream)).toBe(90);
  });
});

describe('lagSeconds', () => {
  it('counts from when the log was last complete or from its last event, whichever is later', () => {
    expect(lagSeconds(5, at(100), at(40), at(130))).toBe(30);
    expect(lagSeconds(5, at(100), at(110), at(130))).toBe(20);
    expect(lagSeconds(5, null, at(110), at(130))).toBe(20);
  });

  it('is 0 without lag, and when nothing is known yet', () => {
    expect(lagSeconds(0, null, at(40), at(130))).toBe(0);
    expect(lagSeconds(5, null, null, at(130))).toBe(0);
  });
});

it.each([
  ['all that the stream keeps', 3_600_000, 0, 3_600],
  ['less by what the log is behind', 3_600_000, 600, 3_000],
  ['nothing when it is too late', 3_600_000, 7_200, 0],
  ['without end when the stream keeps everything', 0, 600, Infinity],
])('leaves %s', (_what, maxAgeMs, behind, left) => {
  expect(marginSeconds(maxAgeMs, behind)).toBe(left);
});
