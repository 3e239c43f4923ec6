import { arrange } from './arrange';
import type { StoredMessage } from './log-source';

const messages = (...sequences: number[]): StoredMessage[] => sequences.map((sequence) => ({ sequence, storedAt: new Date(0), subject: '', data: new Uint8Array() }));
const numbers = ({ repeats, fresh, holes, gap }: ReturnType<typeof arrange>) => ({ repeats: repeats.map((m) => m.sequence), fresh: fresh.map((m) => m.sequence), holes, gap });

describe('arrange', () => {
  it('takes a batch that follows the log as it is', () => {
    expect(numbers(arrange(5, messages(5, 6, 7)))).toEqual({ repeats: [], fresh: [5, 6, 7], holes: [], gap: null });
  });

  it('begins where the first message is when the log does not say', () => {
    expect(numbers(arrange(null, messages(42, 43)))).toEqual({ repeats: [], fresh: [42, 43], holes: [], gap: null });
  });

  it('sets apart what is logged already', () => {
    expect(numbers(arrange(6, messages(4, 5, 6, 7)))).toEqual({ repeats: [4, 5], fresh: [6, 7], holes: [], gap: null });
  });

  it('counts a message that came twice in a batch as a repeat, and puts the batch in order', () => {
    expect(numbers(arrange(5, messages(6, 5, 5)))).toEqual({ repeats: [5], fresh: [5, 6], holes: [], gap: null });
  });

  it('stops before a gap', () => {
    expect(numbers(arrange(5, messages(5, 8, 9)))).toEqual({ repeats: [], fresh: [5], holes: [], gap: { first: 6, last: 7 } });
    expect(numbers(arrange(1, messages(8)))).toEqual({ repeats: [], fresh: [], holes: [], gap: { first: 1, last: 7 } });
  });

  it('goes over ranges known to be missing and reports them as holes', () => {
    expect(numbers(arrange(5, messages(5, 8, 11), [{ first: 6, last: 7 }]))).toEqual({ repeats: [], fresh: [5, 8], holes: [{ first: 6, last: 7 }], gap: { first: 9, last: 10 } });
  });

  it('has nothing to do without messages', () => {
    expect(numbers(arrange(5, []))).toEqual({ repeats: [], fresh: [], holes: [], gap: null });
  });
});
