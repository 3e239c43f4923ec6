import { pageOf, readPage } from './page';

describe('pages', () => {
  it('begin at the start and lead from one to the next', () => {
    expect(readPage({})).toEqual({ limit: 50, after: null });
    const first = pageOf(['a', 'ünï x', 'c'], 2, (row) => row);
    expect(first).toEqual({ rows: ['a', 'ünï x'], next: expect.any(String) as string });
    expect(readPage({ limit: 2, cursor: first.next ?? '' })).toEqual({ limit: 2, after: 'ünï x' });
    expect(pageOf(['c'], 2, (row) => row)).toEqual({ rows: ['c'], next: null });
    expect(pageOf([], 2, String)).toEqual({ rows: [], next: null });
  });

  it.each(['', 'a b', '💥', '=='])('refuse %j as a cursor', (cursor) => {
    expect(() => readPage({ cursor })).toThrow('is not a cursor');
  });
});
