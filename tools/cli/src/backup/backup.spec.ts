import type { Backup, BackupRun } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderBackups } from './backup';

const plain = createStyle(false);
const now = new Date('2026-03-02T12:00:00Z');
const backup: Backup = { name: '2026-03-02T09-14-02-117Z', createdAt: '2026-03-02T09:14:02.117Z', granary: '0.1.0', bytes: 73_400_320, rows: 1_204_311, messages: 90_233, sequence: 90_240, verifiedAt: '2026-03-02T11:59:00.000Z' };
const run = (some: Partial<BackupRun>): BackupRun => ({ runId: 'r', kind: 'create', backup: null, state: 'done', requestedAt: '2026-03-02T11:00:00.000Z', endedAt: null, code: null, message: null, ...some });

it('shows what there is, whether it was proven, and how much it is', () => {
  const text = renderBackups({ backups: [backup, { ...backup, name: '2026-03-01T09-14-02-117Z', verifiedAt: null }], unreadable: [], folder: '/backups' }, now, plain);
  expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
    expect.stringMatching(/^BACKUP +MADE +VERIFIED +SIZE +ROWS +MESSAGES +UP TO$/i),
    expect.stringMatching(/^2026-03-02T09-14-02-117Z +2 h ago +1 min ago +73\.4 MB +1,204,311 +90,233 +90,240$/),
    expect.stringMatching(/^2026-03-01T09-14-02-117Z +2 h ago +not yet +73\.4 MB/),
  ]);
});

it.each<[string, Partial<BackupRun>[], string[]]>([
  ['nothing', [], []],
  ['what waits', [{ state: 'waiting' }], ['A backup waits.']],
  ['what is under way', [{ kind: 'verify', backup: 'b', state: 'running' }, {}], ['The proof of b is under way.']],
  ['a failure', [{ kind: 'verify', state: 'failed', message: 'no room' }, {}], ['The last attempt to verify a backup failed: no room']],
  ['no failure that was made good', [{}, { state: 'failed', message: 'no room' }], []],
])('tells of %s', (_, runs, news) => {
  const text = renderBackups({ backups: [], unreadable: [], runs: runs.map(run), folder: '/backups' }, now, plain);
  expect(text.split('\n')).toEqual(['No backups in /backups.', ...news]);
});

it('names folders that cannot be read', () => {
  expect(renderBackups({ backups: [], unreadable: [{ name: 'x', why: 'it is damaged' }], folder: '/backups' }, now, plain)).toContain('x: it is damaged');
});
