import { NO_CLOCK } from './clock';
import type { LogTail } from './epoch';
import { decideEpoch } from './epoch';

const created = '2026-03-02T09:00:00.123456789Z';
const tail: LogTail = { epoch: 3, streamCreated: created, previousEpoch: 2, firstSequence: 1, lastSequence: 150, lastStoredAt: null, clock: NO_CLOCK };
const stream = { created, firstSequence: 1, lastSequence: 200 };

describe('decideEpoch', () => {
  it('opens the first epoch with the first sequence', () => {
    expect(decideEpoch(null, stream)).toEqual({ state: 'open', epoch: 1, reason: 'first', previousEpoch: null, firstSequence: 1 });
  });

  it('goes on behind the last row', () => {
    expect(decideEpoch(tail, stream)).toEqual({ state: 'continue', epoch: 3, previousEpoch: 2, expected: 151 });
    expect(decideEpoch(tail, { ...stream, lastSequence: 150 })).toMatchObject({ state: 'continue', expected: 151 });
  });

  it('goes on at the beginning of an epoch without rows', () => {
    expect(decideEpoch({ ...tail, lastSequence: null }, { ...stream, lastSequence: 0 })).toMatchObject({ state: 'continue', expected: 1 });
    expect(decideEpoch({ ...tail, firstSequence: null, lastSequence: null }, stream)).toMatchObject({ state: 'continue', expected: null });
  });

  it('opens a new epoch for a stream that was created anew, even when it is longer', () => {
    expect(decideEpoch(tail, { ...stream, created: '2026-03-03T00:00:00Z' })).toEqual({ state: 'open', epoch: 4, reason: 'recreated', previousEpoch: 3, firstSequence: 1 });
  });

  it('opens a new epoch for a stream that was made from a backup of this one, and does not log it all again', () => {
    const restored = { ...stream, created: '2026-03-03T00:00:00Z', restoredFrom: created };
    expect(decideEpoch(tail, restored)).toEqual({ state: 'open', epoch: 4, reason: 'restored', previousEpoch: 3, firstSequence: null });
    expect(decideEpoch(tail, { ...restored, restoredFrom: '2026-01-01T00:00:00Z' })).toMatchObject({ reason: 'recreated', firstSequence: 1 });
  });

  it('opens a new epoch for a stream that ends before the log does', () => {
    expect(decideEpoch(tail, { ...stream, lastSequence: 149 })).toEqual({ state: 'open', epoch: 4, reason: 'restored', previousEpoch: 3, firstSequence: null });
  });

  it('opens a new epoch once when an operator declares the old one over', () => {
    expect(decideEpoch(tail, stream, 3)).toEqual({ state: 'open', epoch: 4, reason: 'closed', previousEpoch: 3, firstSequence: null });
    expect(decideEpoch({ ...tail, epoch: 4 }, stream, 3)).toMatchObject({ state: 'continue', epoch: 4 });
  });
});
