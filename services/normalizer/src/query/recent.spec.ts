import { recent } from './recent';

it('loads once, also for those who ask meanwhile', async () => {
  const outcomes: string[] = [];
  const graphs = recent<string>(2, (outcome) => outcomes.push(outcome));
  const load = jest.fn(async () => 'graph');
  expect(await Promise.all([graphs.get('a', load), graphs.get('a', load)])).toEqual(['graph', 'graph']);
  expect(load).toHaveBeenCalledTimes(1);
  expect(outcomes).toEqual(['miss', 'hit']);
});

it('forgets what nobody asked for the longest', async () => {
  const graphs = recent<string>(2, () => undefined);
  const load = jest.fn(async () => 'graph');
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await graphs.get(key, load);
  expect(load).toHaveBeenCalledTimes(4);
  expect(graphs.size).toBe(2);
});

it('forgets a load that failed', async () => {
  const graphs = recent<string>(2, () => undefined);
  await expect(graphs.get('a', async () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await graphs.get('a', async () => 'graph')).toBe('graph');
});
