import { judgeCycles, nextDue, type LastCycle } from './due';

const at = (hour: number): Date => new Date(Date.UTC(2026, 2, 2, hour));
const pace = { everyMs: 24 * 3_600_000, retryMs: 15 * 60_000 };
const ended = (state: LastCycle['state']): LastCycle => ({ state, startedAt: at(8), finishedAt: at(9) });

it.each<[string, LastCycle | null, Date]>([
  ['at once when there was none', null, at(10)],
  ['a day after the last one began', ended('completed'), at(32)],
  ['soon after one that failed', ended('failed'), new Date(at(9).getTime() + pace.retryMs)],
])('a cycle is due %s', (_when, last, expected) => {
  expect(nextDue(last, pace, at(10))).toEqual(expected);
});

it.each<[string, LastCycle | null, number, object]>([
  ['before the first', null, 10, { state: 'healthy' }],
  ['while cycles come', ended('completed'), 33, { state: 'healthy' }],
  ['when none came for two days', ended('completed'), 57, { state: 'degraded', detail: expect.stringContaining('49 hours') }],
  ['after one that failed', ended('failed'), 9, { state: 'degraded', detail: expect.stringContaining('granary cache stats') }],
])('caches are looked after %s', (_when, last, hour, expected) => {
  expect(judgeCycles(last, pace, at(hour))).toEqual(expected);
});
