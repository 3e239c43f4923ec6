import { pageOf, readPage } from './page';

const form = /^[a-zï ü]+$/;

describe('pages', () => {
  it('begin at the start and lead from one to the next', () => {
    expect(readPage({}, form)).toEqual({ limit: 50, after: null });
    const first = pageOf(['a', 'ünï x', 'c'], 2, (row) => row);
    expect(first).toEqual({ rows: ['a', 'ünï x'], next: expect.any(String) as string });
    expect(readPage({ limit: 2, cursor: first.next ?? '' }, form)).toEqual({ limit: 2, after: 'ünï x' });
    expect(pageOf(['c'], 2, (row) => row)).toEqual({ rows: ['c'], next: null });
    expect(pageOf([], 2, String)).toEqual({ rows: [], next: null });
    expect(pageOf(['a', 'b', 'c'], 2, (row) => row)).toEqual({ rows: ['a', 'b'], next: 'Yg' });
  });

  it.each(['', 'a b', '💥', '==', '!', 'Yh', 'QQ'])('refuse %j, which no answer of this list gave', (cursor) => {
    expect(() => readPage({ cursor }, form)).toThrow(expect.objectContaining({ code: 'bad-cursor', message: expect.stringContaining('is not a cursor') as string }));
  });
});
