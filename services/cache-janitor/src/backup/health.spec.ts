import { judgeBackups, type BackupFacts } from './health';

const facts: BackupFacts = { verifiedAge: 3_600, last: null, everyMs: 86_400_000 };

it.each<[string, Partial<BackupFacts>, object]>([
  ['well while a backup was verified lately', {}, { state: 'healthy' }],
  ['well while there is none yet', { verifiedAge: Infinity }, { state: 'healthy', detail: 'there is no verified backup yet' }],
  ['not so well two days later', { verifiedAge: 2 * 86_400 + 3_600 }, { state: 'degraded', detail: 'the last backup was verified 49 h ago' }],
  ['not so well after a failure', { last: { kind: 'create', state: 'failed', code: 'no-room', message: 'there is no room left' } }, { state: 'degraded', detail: 'the last attempt to create a backup failed: there is no room left' }],
  ['well after it was cut short, which is made up for', { last: { kind: 'create', state: 'failed', code: 'interrupted', message: 'the process ended' } }, { state: 'healthy' }],
  ['well after a success', { last: { kind: 'verify', state: 'done', code: null, message: null } }, { state: 'healthy' }],
])('is %s', (_, some, finding) => {
  expect(judgeBackups({ ...facts, ...some })).toEqual(finding);
});
