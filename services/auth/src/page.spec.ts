import { pageOf, readPage } from './page';

const form = /^[a-z]+$/;

it('goes on where the page before ended', () => {
  const page = pageOf(['a', 'b', 'c'], 2, (row) => row);
  expect(page).toEqual({ rows: ['a', 'b'], next: 'Yg' });
  expect(readPage({ limit: 2, cursor: 'Yg' }, form)).toEqual({ limit: 2, after: 'b' });
  expect(pageOf(['c'], 2, (row) => row)).toEqual({ rows: ['c'], next: null });
  expect(readPage({}, form)).toEqual({ limit: 50, after: null });
});

it.each(['', '!', 'Yh', 'QQ'])('refuses %j, which no answer of this list gave', (cursor) => {
  expect(() => readPage({ cursor }, form)).toThrow(expect.objectContaining({ code: 'bad-cursor' }));
});
