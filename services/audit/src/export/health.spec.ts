import { judgeExport, type ExportState } from './health';

const now = new Date('2026-03-05T03:00:00Z');
const state: ExportState = { leads: true, completeUntil: new Date('2026-03-05T00:00:00Z'), failing: new Map() };

it.each<[string, Partial<ExportState>, string | null, string, string]>([
  ['in time', {}, null, 'healthy', 'exported up to 2026-03-05T00:00:00.000Z'],
  ['not yet late', { completeUntil: new Date('2026-03-04T00:00:00Z') }, null, 'healthy', 'exported up to 2026-03-04T00:00:00.000Z'],
  ['late', { completeUntil: new Date('2026-03-03T00:00:00Z') }, null, 'degraded', 'exported up to 2026-03-03T00:00:00.000Z, which is late'],
  ['new', { completeUntil: null }, null, 'healthy', 'nothing exported yet'],
  ['beside another', { leads: false }, null, 'healthy', 'standby'],
  ['failing', { failing: new Map([['upload', 'no bucket']]) }, null, 'degraded', 'upload: no bucket'],
  ['altered', { failing: new Map([['export', 'altered']]) }, 'the log was altered', 'unhealthy', 'the log was altered'],
])('an export that is %s', (_what, changes, altered, expected, detail) => {
  expect(judgeExport({ ...state, ...changes }, altered, now)).toEqual({ state: expected, detail });
});
