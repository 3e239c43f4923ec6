import { arrange, type Arranged } from './arrange';

const rows = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }));
const numbers = ({ repeats, fresh, holes, gap }: Arranged<{ sequence: number }>) => ({ repeats: repeats.map((row) => row.sequence), fresh: fresh.map((row) => row.sequence), holes, gap });

describe('arrange', () => {
  it('takes a batch that follows the log as it is', () => {
    expect(numbers(arrange(5, rows(5, 6, 7)))).toEqual({ repeats: [], fresh: [5, 6, 7], holes: [], gap: null });
  });

  it('begins where the first row is when the log does not say', () => {
    expect(numbers(arrange(null, rows(42, 43)))).toEqual({ repeats: [], fresh: [42, 43], holes: [], gap: null });
  });

  it('sets apart what is logged already', () => {
    expect(numbers(arrange(6, rows(4, 5, 6, 7)))).toEqual({ repeats: [4, 5], fresh: [6, 7], holes: [], gap: null });
  });

  it('counts a row that came twice in a batch as a repeat, and puts the batch in order', () => {
    expect(numbers(arrange(5, rows(6, 5, 5)))).toEqual({ repeats: [5], fresh: [5, 6], holes: [], gap: null });
  });

  it('stops before a gap', () => {
    expect(numbers(arrange(5, rows(5, 8, 9)))).toEqual({ repeats: [], fresh: [5], holes: [], gap: { first: 6, last: 7 } });
    expect(numbers(arrange(1, rows(8)))).toEqual({ repeats: [], fresh: [], holes: [], gap: { first: 1, last: 7 } });
  });

  it('goes over ranges known to be missing and reports them as holes', () => {
    expect(numbers(arrange(5, rows(5, 8, 11), [{ first: 6, last: 7 }]))).toEqual({ repeats: [], fresh: [5, 8], holes: [{ first: 6, last: 7 }], gap: { first: 9, last: 10 } });
  });

  it('has nothing to do without rows', () => {
    expect(numbers(arrange(5, []))).toEqual({ repeats: [], fresh: [], holes: [], gap: null });
  });
});
