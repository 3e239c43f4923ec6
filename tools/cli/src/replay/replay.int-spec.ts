import { rpcExamples, type ReplayJob } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const { job } = rpcExamples['audit.replay.show'].response as { job: ReplayJob };
const planned: ReplayJob = { ...job, state: 'planned', startedAt: null };
const completed: ReplayJob = { ...job, state: 'completed', progress: { total: 212, handled: 212, failed: 0 } };

describe('a replay', () => {
  it('is planned, and its dry run is waited for', async () => {
    used.platform.answer('audit.replay.show', () => ({ job: planned, failures: [] }));
    const { code, stdout } = await used.run(['replay', 'plan', 'normalizer', '--type', 'harvest.completed.v1', '--key', 'k1', '--correlation', 'c1', '--since', '2026-03-01', '--tenant', 'default', '--rate', '50', '--reason', 'a repair']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/212 events of 40 keys[\s\S]*Start it with `granary replay start 01976c2e/)]);
    expect(used.requests('audit.replay.plan')).toEqual([{ consumer: 'normalizer', reason: 'a repair', types: ['harvest.completed.v1'], key: 'k1', correlationId: 'c1', since: '2026-03-01T00:00:00.000Z', tenant: 'default', rate: 50 }]);
  });

  it.each(['', ' --reason=', ' --reason x --rate 0', ' --reason x --rate fast'])('is not planned with%p', async (options) => {
    expect(await used.run(`replay plan normalizer${options}`)).toMatchObject({ code: 2 });
    expect(used.requests('audit.replay.plan')).toEqual([]);
  });

  it('is started, and waited for', async () => {
    expect((await used.run(`replay start ${job.jobId}`)).stdout).toContain(`granary replay status ${job.jobId}`);
    used.platform.answer('audit.replay.show', () => ({ job: completed, failures: [] }));
    expect(json(await used.run(`replay start ${job.jobId} --rate 7 --wait --json`))).toEqual({ job: completed, failures: [] });
    used.platform.answer('audit.replay.show', () => ({ job: { ...completed, progress: { total: 2, handled: 1, failed: 1 } }, failures: [] }));
    expect((await used.run(`replay start ${job.jobId} --wait`)).code).toBe(1);
    expect(used.requests('audit.replay.start')).toEqual([{ jobId: job.jobId }, { jobId: job.jobId, rate: 7 }, { jobId: job.jobId }]);
  });

  it('is told of, with what failed in it', async () => {
    expect(json(await used.run(`replay status ${job.jobId} --json`))).toEqual(rpcExamples['audit.replay.show'].response);
    expect((await used.run('replay status --consumer normalizer --state running --limit 1')).stdout).toMatch(/normalizer +default +running/);
    expect(used.requests('audit.replay.list')).toEqual([{ consumer: 'normalizer', state: 'running', limit: 1 }]);
  });

  it('is paused, resumed and cancelled', async () => {
    expect((await used.run(`replay pause ${job.jobId}`)).stdout).toBe('The replay to normalizer is paused: 120 of 212 handled, 1 failed.\n');
    expect((await used.run(`replay resume ${job.jobId}`)).code).toBe(0);
    expect((await used.run(`replay cancel ${job.jobId}`)).code).toBe(0);
    used.platform.answer('audit.replay.cancel', () => {
      throw Fault.permanent('replay-not-found', 'there is no such replay');
    });
    expect(await used.run(`replay cancel ${job.jobId}`)).toMatchObject({ code: 4, stderr: expect.stringContaining('there is no such replay') });
  });
});
