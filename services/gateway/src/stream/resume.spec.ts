import { whyNotFrom, windowStart, type LogBounds } from './resume';

const at = (epoch: number, sequence: number) => ({ epoch, sequence });
const bounds: LogBounds = { first: at(2, 101), epoch: 3, sequence: 50, streamSequence: 60 };

it.each<[string, ReturnType<typeof at>, LogBounds, RegExp | null]>([
  ['the end', at(3, 50), bounds, null],
  ['the middle', at(2, 500), bounds, null],
  ['just before the first', at(2, 100), bounds, null],
  ['the beginning of whatever there is', at(0, 0), bounds, null],
  ['what the log lost and reads again', at(3, 60), bounds, null],
  ['before what there is', at(2, 99), bounds, /begins with 2:101, and what followed position 2:99 is gone; begin anew/],
  ['an epoch that is gone', at(1, 4711), bounds, /begins with 2:101/],
  ['what the stream never had', at(3, 61), bounds, /position 3:61 lies behind the end of the event log, 3:50.*after=0:0/],
  ['an epoch that never was', at(4, 1), bounds, /another log/],
  ['the beginning of an empty log', at(0, 0), { first: null, epoch: 0, sequence: 0, streamSequence: 0 }, null],
  ['the beginning of an epoch without events', at(1, 0), { first: null, epoch: 1, sequence: 0, streamSequence: 0 }, null],
])('%s', (_, position, log, expected) => {
  if (expected === null) expect(whyNotFrom(position, log)).toBeNull();
  else expect(whyNotFrom(position, log)).toMatch(expected);
});

it.each<[string, Omit<LogBounds, 'streamSequence'>, ReturnType<typeof at>]>([
  ['in the middle of an epoch', { first: at(1, 1), epoch: 1, sequence: 500 }, at(1, 400)],
  ['at the beginning of an epoch', { first: at(1, 1), epoch: 2, sequence: 50 }, at(2, 0)],
  ['no earlier than what there is', { first: at(1, 451), epoch: 1, sequence: 500 }, at(1, 450)],
  ['in an empty log', { first: null, epoch: 0, sequence: 0 }, at(0, 0)],
])('a window begins %s', (_, bounds, start) => {
  expect(windowStart(bounds, 100)).toEqual(start);
});
