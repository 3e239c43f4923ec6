import { rpcExamples, type ReplayJob } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { renderPlan, renderReplay, renderReplays, replayStep } from './replay';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:17:00.000Z');
const { job, failures } = rpcExamples['audit.replay.show'].response as { job: ReplayJob; failures: never[] };
const plan = job.plan;
if (!plan) throw new Error('the example has a plan');

it('lists replays', () => {
  const [title, first] = renderReplays([job], now, plain).split('\n');
  expect(title).toMatch(/^job +consumer +tenant +state +events +handled +failed +created +reason$/);
  expect(first).toMatch(/ normalizer +default +running +212 +120 +1 +3 min ago +graphs lost their names$/);
  expect(renderReplays([], now, plain)).toBe('No replays.');
});

it('tells everything about one', () => {
  const text = renderReplay({ ...job, waitingFor: ['nobody has asked'], error: { code: 'groups-changed', message: 'plan it anew' } }, failures, now, plain);
  expect(text).toMatch(/types +harvest\.completed\.v1, repository\.removed\.v1\ntenant +default\nsince +2026-03-01T00:00:00\.000Z\nrate +200 events a second at most\n/);
  expect(text).toContain('120 of 212 events handled, 1 failed');
  expect(text).toContain('212 events of 40 keys (318 KB), from 1:17 to 1:4711; at least 1.0 s at this rate.');
  expect(text).toContain('1 artifact of 212 gone');
  expect(text).toContain('waiting: nobody has asked');
  expect(text).toContain('failed (groups-changed): plan it anew');
  expect(text).toMatch(/1:4711 +harvest\.completed\.v1 .* not-found: the harvester has no such artifact/);
});

it('warns of what a replay will stumble over', () => {
  const worse = { ...plan, invalid: { count: 1, examples: [{ position: { epoch: 1, sequence: 17 }, eventId: 'e', problem: 'data.x must be integer' }] }, artifacts: { named: 3, gone: 0, unknown: 3, examples: [] } };
  expect(renderPlan(worse, null, plain).split('\n').slice(1)).toEqual(["1 event will fail: today's contracts refuse them. 1:17 e: data.x must be integer", 'Nobody said of 3 artifacts whether they are there.']);
  expect(renderPlan({ ...plan, events: 0, keys: 0, first: null, last: null, artifacts: { named: 0, gone: 0, unknown: 0, examples: [] } }, null, plain)).toBe('No event of the log matches.');
});

it('shows how far one is', () => {
  expect(replayStep(job)).toEqual({ label: 'replay to normalizer: running', done: 121, total: 212 });
  expect(replayStep({ ...job, state: 'planning' }).total).toBeNull();
});
