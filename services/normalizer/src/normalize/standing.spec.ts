import { isBack, removalOf, standingOf } from './standing';

const job = (ms: number): string => `${ms.toString(16).padStart(12, '0').replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`;
const head = { jobId: job(200), commit: 'b' };

it.each([
  { says: 'no graph yet', harvest: { jobId: job(100), base: null, commit: 'a' }, before: null, standing: 'first' },
  { says: 'asked for later', harvest: { jobId: job(300), base: 'b', commit: 'c' }, before: head, standing: 'newer' },
  { says: 'asked for later, the same commit', harvest: { jobId: job(300), base: 'b', commit: 'b' }, before: head, standing: 'newer' },
  { says: 'the same job', harvest: { jobId: job(200), base: 'a', commit: 'b' }, before: head, standing: 'again' },
  { says: 'asked for earlier', harvest: { jobId: job(100), base: null, commit: 'a' }, before: head, standing: 'older' },
  { says: 'asked for earlier, but ended after what it began from', harvest: { jobId: job(100), base: 'b', commit: 'c' }, before: head, standing: 'newer' },
  { says: 'asked for earlier, nothing new since', harvest: { jobId: job(100), base: 'b', commit: 'b' }, before: head, standing: 'older' },
])('$says: $standing', ({ harvest, before, standing }) => {
  expect(standingOf(harvest, before)).toBe(standing);
});

it('is back when somebody asked for a harvest after the removal', () => {
  expect(isBack(job(1_000), new Date(999))).toBe(true);
  expect(isBack(job(1_000), new Date(1_001))).toBe(false);
});

it.each([
  { says: 'never removed before', head, removedAt: null, at: 300, is: 300 },
  { says: 'without a graph', head: null, removedAt: null, at: 300, is: 300 },
  { says: 'removed once more', head, removedAt: 300, at: 400, is: 400 },
  { says: 'an old removal comes again', head, removedAt: 400, at: 300, is: 400 },
  { says: 'an old removal of what is back comes again', head, removedAt: null, at: 100, is: null },
])('$says: removed at $is', ({ head: newest, removedAt, at, is }) => {
  expect(removalOf({ head: newest, removedAt: removedAt === null ? null : new Date(removedAt) }, new Date(at))?.getTime() ?? null).toBe(is);
});
