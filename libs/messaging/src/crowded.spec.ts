import { crowdedLanes } from './crowded';

const NOW = 10_000;
const load = { window: 2_000, width: 64, now: NOW };
const lane = (name: string, waiting: number, waitsMs = 5_000) => ({ lane: name, waiting, since: NOW - waitsMs });

describe('crowdedLanes', () => {
  it.each([
    ['nothing while there is room for others', 1_499, [lane('a', 1_400)], []],
    ['the key that fills the window', 1_500, [lane('a', 1_400), lane('b', 20)], ['a']],
    ['the longest ones, until there is room', 2_000, [lane('a', 300), lane('b', 400), lane('c', 200)], ['b', 'a']],
    ['no lane that moves on', 2_000, [lane('a', 1_900, 900)], []],
    ['no lane that has its share or less', 2_000, [lane('a', 32), lane('b', 33)], ['b']],
    ['nothing when there are no lanes', 2_000, [], []],
  ])('puts aside %s', (_, inFlight, lanes, expected) => {
    expect(crowdedLanes(lanes, { ...load, inFlight })).toEqual(expected);
  });
});
