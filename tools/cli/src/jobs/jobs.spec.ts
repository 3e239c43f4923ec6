import { type Job, rpcExamples } from '@granary/contracts';
import { createStyle } from '../shell/style';
import { JOB_STATES, jobStep, renderJob, renderJobs } from './jobs';

const plain = createStyle(false);
const now = new Date('2026-03-02T09:15:00.000Z');
const { job: parsing } = rpcExamples['harvester.job.show'].response;
const job: Job = {
  ...parsing,
  state: 'completed',
  finishedAt: '2026-03-02T09:14:01.950Z',
  tier: 2,
  stages: [{ stage: 'fetching', startedAt: '2026-03-02T09:14:00.050Z', durationMs: 900 }, { stage: 'storing', startedAt: '2026-03-02T09:14:01.700Z', durationMs: 250 }],
  counts: { files: 240, analysed: 212, reused: 0, skipped: 28, imports: 893 },
};
const failed: Job = { ...job, state: 'failed', error: { stage: 'fetching', code: 'remote-unreachable', message: 'git fetch\u001b timed out' } };

it('lists jobs', () => {
  const [title, first, second, third] = renderJobs([job, parsing, failed], now, plain).split('\n');

  expect(title).toMatch(/^job +repository +state +reason +created +took +files +commit +error$/);
  expect(first).toMatch(/granary +completed +\S+ +1 min ago +1\.9 s +240 +9fceb02d0ae5 +–$/);
  expect(second).toMatch(/granary +parsing +\S+ +1 min ago +59\.9 s +– +9fceb02d0ae5 +–$/);
  expect(third).toMatch(/granary +failed .* remote-unreachable$/);
  expect(renderJobs([], now, plain)).toBe('No jobs.');
});

it('tells once for each repository why its newest commit was withheld', () => {
  const blocked: Job = { ...job, state: 'blocked', error: { stage: 'storing', code: 'secrets-found', message: '1 secret\u001b in a.ts' } };
  const text = renderJobs([blocked, { ...blocked, error: null }, { ...blocked, repositoryId: 'other', name: 'undici', error: null }], now, plain);

  expect(text.split('\n').slice(4)).toEqual(['granary: 1 secret? in a.ts', 'undici: withheld by the secrets gate']);
  expect(renderJob(blocked, now, plain)).toMatch(/\n\nblocked by the secrets gate \(secrets-found\): 1 secret\? in a\.ts$/);
});

it('lists a job that has not begun', () => {
  expect(renderJobs([{ ...parsing, state: 'pending', startedAt: null }], now, plain)).toMatch(/pending +\S+ +1 min ago +– /);
});

it('tells everything about a job', () => {
  const text = renderJob(job, now, plain);

  expect(text).toMatch(/^job +01976c2e-8b10-7a21-8c3d-4e5f60718293\nrepository +granary \(01976c2e-8a00/);
  expect(text).toContain('files        240 (212 analysed, 0 reused, 28 skipped)');
  expect(text).toMatch(/stage +started +took\nfetching +2026-03-02T09:14:00.050Z +900 ms\n/);
  expect(text).not.toContain('progress');
});

it('tells how far a job is, and why it failed', () => {
  expect(renderJob(parsing, now, plain)).toMatch(/progress +40 of 212[^]*parsing +\S+ +running/);
  expect(renderJob({ ...failed, stages: [] }, now, plain)).toMatch(/No stage has begun\.\n\nfailed while fetching \(remote-unreachable\): git fetch\? timed out$/);
});

it.each<[Job, { label: string; done: number; total: number | null }]>([
  [parsing, { label: 'granary: parsing', done: 40, total: 212 }],
  [{ ...parsing, state: 'pending', progress: { done: 0, total: 0 } }, { label: 'granary: pending', done: 0, total: null }],
  [job, { label: 'granary: completed', done: 40, total: null }],
])('makes a step of a job', (seen, step) => {
  expect(jobStep(seen)).toEqual(step);
});

it('knows every state and colours each', () => {
  const painted = createStyle(true);
  for (const state of JOB_STATES) expect(renderJobs([{ ...job, state }], now, painted)).toMatch(new RegExp(`\u001b\\[\\d+m${state}\u001b`));
});
