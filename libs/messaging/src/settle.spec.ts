import { Fault } from '@granary/faults';
import { RETRY_POLICY, settleFailure } from './settle';

const transient = Fault.transient('remote-unreachable', 'no answer');

describe('settling a failed attempt', () => {
  it.each([
    [1, { action: 'retry', delayMs: 20 }],
    [2, { action: 'retry', delayMs: 200 }],
    [3, { action: 'hold', delayMs: 1_000, code: 'remote-unreachable', message: 'no answer' }],
    [4, { action: 'hold', delayMs: 5_000, code: 'remote-unreachable', message: 'no answer' }],
    [9, { action: 'hold', delayMs: 3_600_000, code: 'remote-unreachable', message: 'no answer' }],
    [10, { action: 'dead', code: 'attempts-spent', message: '10 attempts failed; the last one with remote-unreachable: no answer' }],
  ])('retries, then holds, then gives up: attempt %i', (attempt, expected) => {
    expect(settleFailure(transient, attempt, 0.5)).toEqual(expected);
  });

  it('gives up at once when trying again cannot help', () => {
    expect(settleFailure(Fault.permanent('artifact-gone', 'sha256:00 is unknown'), 1, 0)).toEqual({ action: 'dead', code: 'artifact-gone', message: 'sha256:00 is unknown' });
  });

  it('treats what nobody foresaw as worth another try', () => {
    expect(settleFailure(new TypeError('x is undefined'), 3, 0.5)).toMatchObject({ action: 'hold', code: 'unexpected', message: 'x is undefined' });
  });

  it.each([
    [0, 800],
    [0.5, 1_000],
    [0.999, 1_200],
  ])('spreads held retries by a fifth: %f', (jitter, delayMs) => {
    expect(settleFailure(transient, 3, jitter, RETRY_POLICY)).toMatchObject({ delayMs });
  });
});
