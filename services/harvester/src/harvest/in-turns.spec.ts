import { inTurns } from './in-turns';

it('does everything in order, and lets others have their turn in between', async () => {
  const story: string[] = [];
  setImmediate(() => story.push('another'));
  // Every item is longer than a turn of no time at all.
  await inTurns(['a', 'b'], (item) => story.push(item), 0);
  expect(story).toEqual(['a', 'another', 'b']);
});

it('stays in one turn while that is short, and waits for what takes a while', async () => {
  const story: string[] = [];
  setImmediate(() => story.push('another'));
  await inTurns([1, 2, 3], async (item) => story.push(`${item} of ${await Promise.resolve(3)}`), 60_000);
  expect(story).toEqual(['1 of 3', '2 of 3', '3 of 3']);
});

it('throws what is thrown', async () => {
  await expect(inTurns([1], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
