import { backupName } from './manifest';
import { backupsToRemove, type Candidate } from './retention';

const at = (day: string, time = '03:00:00') => backupName(new Date(`${day}T${time}.000Z`));
const verified = (...names: string[]): Candidate[] => names.map((name) => ({ name, verified: true }));
const daily = (from: string, days: number): string[] => Array.from({ length: days }, (_, i) => backupName(new Date(new Date(`${from}T03:00:00.000Z`).getTime() + i * 86_400_000)));

describe('which backups may go', () => {
  it('keeps 7 days, 4 weeks and 12 months of a backup a day', () => {
    const all = daily('2025-01-01', 426);
    const removed = new Set(backupsToRemove(verified(...all)));
    expect(all.filter((name) => !removed.has(name)).map((name) => name.slice(0, 10))).toEqual([
      // The last of each month.
      '2025-04-30', '2025-05-31', '2025-06-30', '2025-07-31', '2025-08-31', '2025-09-30', '2025-10-31', '2025-11-30', '2025-12-31', '2026-01-31',
      // The Sundays, and the week that is not over; 2026-02-28 is the last of February, too.
      '2026-02-15', '2026-02-22',
      '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02',
    ]);
  });

  it.each([
    ['keeps the newest of a day', verified(at('2026-03-02', '01:00:00'), at('2026-03-02', '02:00:00')), [at('2026-03-02', '01:00:00')]],
    ['lets a verified one stand for its day', [...verified(at('2026-03-01', '01:00:00')), { name: at('2026-03-01', '02:00:00'), verified: false }, ...verified(at('2026-03-02'))], [at('2026-03-01', '02:00:00')]],
    ['removes nothing before any was verified', daily('2026-01-01', 60).map((name) => ({ name, verified: false })), []],
    ['removes nothing that is newer than the newest verified one', [...verified(at('2026-03-02', '01:00:00')), { name: at('2026-03-02', '02:00:00'), verified: false }, { name: at('2026-03-02', '03:00:00'), verified: false }], []],
    ['leaves alone what is no backup', verified('notes', '2026-03-02', at('2026-03-02')), []],
    ['has nothing to do without backups', [], []],
  ])('%s', (_, backups, removed) => {
    expect(backupsToRemove(backups)).toEqual(removed);
  });

  it('counts days that have a backup, not days that have passed', () => {
    const all = [at('2026-01-05'), at('2026-02-01'), at('2026-03-02')];
    expect(backupsToRemove(verified(...all), { daily: 2, weekly: 0, monthly: 0 })).toEqual([at('2026-01-05')]);
  });
});
