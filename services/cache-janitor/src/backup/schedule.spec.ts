import { due, verifiedAge, type Known, type Schedule } from './schedule';

const HOUR = 3_600_000;
const schedule: Schedule = { everyMs: 24 * HOUR, firstMs: HOUR / 6, retryMs: HOUR };
const at = (time: string) => new Date(`2026-03-02T${time}:00Z`);
const known = (some: Partial<Known>): Known => ({ now: at('12:00'), since: at('06:00'), backups: [], runs: [], ...some });
const old = { name: 'old', createdAt: new Date('2026-03-01T11:00:00Z'), verifiedAt: new Date('2026-03-01T11:05:00Z') };
const fresh = { name: 'fresh', createdAt: at('09:00'), verifiedAt: at('09:05') };
const create = { kind: 'create', backup: null };

describe('what is due', () => {
  it.each<[string, Partial<Known>, ReturnType<typeof due>]>([
    ['a backup, when there is none a while after the start', {}, create as never],
    ['nothing right after the first start', { since: at('11:55') }, null],
    ['a backup, when the newest is a day old', { backups: [old] }, create as never],
    ['the same right after a start', { backups: [old], since: at('11:59') }, create as never],
    ['nothing while the newest is fresh', { backups: [fresh, old] }, null],
    ['nothing beside what waits', { backups: [old], runs: [{ kind: 'verify', backup: 'old', state: 'waiting', endedAt: null }] }, null],
    ['nothing beside what runs', { backups: [old], runs: [{ kind: 'create', backup: null, state: 'running', endedAt: null }] }, null],
    ['nothing shortly after a failure', { backups: [old], runs: [{ kind: 'create', backup: null, state: 'failed', endedAt: at('11:30') }] }, null],
    ['another attempt an hour after a failure', { backups: [old], runs: [{ kind: 'create', backup: null, state: 'failed', endedAt: at('11:00') }] }, create as never],
    ['the proof of the newest, when it has none', { backups: [{ ...fresh, verifiedAt: null }, old] }, { kind: 'verify', backup: 'fresh' }],
    ['not the proof that has just failed', { backups: [{ ...fresh, verifiedAt: null }], runs: [{ kind: 'verify', backup: 'fresh', state: 'failed', endedAt: at('11:50') }] }, null],
    ['a backup, though the proof of an old one fails', { backups: [{ ...old, verifiedAt: null }], runs: [{ kind: 'verify', backup: 'old', state: 'failed', endedAt: at('11:50') }] }, create as never],
  ])('%s', (_, some, expected) => {
    expect(due(known(some), schedule)).toEqual(expected);
  });
});

it.each([
  ['the last one', [at('09:05'), at('08:00')], 2 * 3_600 + 55 * 60],
  ['none', [], Infinity],
])('tells the age of the last verified restore: %s', (_, verified, seconds) => {
  expect(verifiedAge({ now: at('12:00'), verified })).toBe(seconds);
});
