import { collectPages } from './pages';

/** A listing of `count` numbers; remembers what was asked for. */
function listing(count: number) {
  const asked: { limit: number; cursor?: string }[] = [];
  const read = async (limit: number, { cursor }: { cursor?: string }) => {
    asked.push({ limit, ...(cursor === undefined ? {} : { cursor }) });
    const from = Number(cursor ?? 0);
    const to = Math.min(count, from + limit);
    return { items: Array.from({ length: to - from }, (_, index) => from + index), next: to < count ? String(to) : null };
  };
  return { asked, read };
}

it('reads page after page', async () => {
  const { asked, read } = listing(250);

  const { items, more } = await collectPages(Infinity, read);

  expect(items).toEqual(Array.from({ length: 250 }, (_, index) => index));
  expect(more).toBe(false);
  expect(asked).toEqual([{ limit: 100 }, { limit: 100, cursor: '100' }, { limit: 100, cursor: '200' }]);
});

it('stops at the limit and says whether there is more', async () => {
  const { asked, read } = listing(250);

  expect(await collectPages(120, read)).toMatchObject({ items: { length: 120 }, more: true });
  expect(asked.at(-1)).toEqual({ limit: 20, cursor: '100' });
  expect(await collectPages(5, listing(5).read)).toEqual({ items: [0, 1, 2, 3, 4], more: false });
});
