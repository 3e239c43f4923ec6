import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostedService } from '@granary/service-host';
import { waitFor } from '@granary/testing';
import type { World } from '../test/world';
import { KEPT_CODE, PRELOADED } from '../test/programs';
import { startWorld } from '../test/world';

let world: World;
let service: HostedService;

beforeAll(async () => {
  world = await startWorld();
  service = await world.host();
});

afterAll(async () => {
  await service?.stop();
  await world?.stop();
});

describe('a harvester', () => {
  it('hands its harvests over when it stops, and goes on with them when it is back', async () => {
    const made = await world.repository({ 'fast.ts': `import 'fast';`, 'slow.ts': '// POISON-SLOW 1200\n// handed over' });
    const { jobId } = await world.add(made.path);
    await world.jobIn(jobId, 'parsing');
    await service.stop();
    expect(await world.query(`select state, attempts, lease_owner from jobs where job_id = '${jobId}'`)).toEqual([{ state: 'pending', attempts: 0, lease_owner: null }]);
    service = await world.host();
    expect(await world.jobIn(jobId, 'completed')).toMatchObject({ attempts: 1 });
  });

  it('finishes its harvests when it drains, and takes no others', async () => {
    const made = await world.repository({ 'slow.ts': '// POISON-SLOW 600\n// drained' });
    const { jobId } = await world.add(made.path);
    await world.jobIn(jobId, 'parsing');
    await service.drain();
    expect(await world.query(`select state, attempts from jobs where job_id = '${jobId}'`)).toEqual([{ state: 'completed', attempts: 1 }]);
    const later = await world.add((await world.repository({ 'later.ts': `import 'later';` })).path);
    expect(await world.query(`select state from jobs where job_id = '${later.jobId}'`)).toEqual([{ state: 'pending' }]);
    await service.stop();
    service = await world.host();
    await world.jobIn(later.jobId, 'completed');
  });

  it('takes the harvest of a killed one again, and completes it once', async () => {
    await service.stop();
    const killed = spawn(process.execPath, [...PRELOADED, join(__dirname, '../test/poison.main.ts')], { env: { ...world.environment, ...KEPT_CODE }, stdio: 'ignore' });
    const cure = join(world.data, 'cure');
    const made = await world.repository({ 'a.ts': `import 'a';`, 'hangs.ts': `// POISON-HANG-UNLESS ${cure}\n` });
    const { jobId, repository: one } = await waitFor(() => world.add(made.path), { what: 'the service to be up' });
    await world.jobIn(jobId, 'parsing');
    const workers = await waitFor(() => childrenOf(killed.pid), { what: 'its worker' });
    killed.kill('SIGKILL');
    // Read again it does not hang, which would end two more workers.
    writeFileSync(cure, '');
    service = await world.host();
    await waitFor(() => workers.every((pid) => !existsSync(`/proc/${pid}`)), { what: 'the end of the worker that hangs' });
    expect(await world.jobIn(jobId, 'completed')).toMatchObject({ attempts: 2, tier: 2, counts: { analysed: 2, skipped: 0 } });
    await world.eventOf('harvest.completed.v1', { jobId });
    expect(world.eventsOf(one.repositoryId).map(({ type }) => type)).toEqual(['repository.registered.v1', 'harvest.requested.v1', 'harvest.started.v1', 'harvest.completed.v1']);
  });

  it('gives up a harvest that was lost three times, says so, and begins anew later', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const { jobId, repository: one } = await world.add(made.path);
    await world.jobIn(jobId, 'completed');
    await world.query(`update jobs set state = 'parsing', finished_at = null, attempts = 3, lease_owner = 'gone', lease_until = now() - interval '1 second' where job_id = '${jobId}'`);
    expect(await world.jobIn(jobId, 'failed')).toMatchObject({ attempts: 3, error: { code: 'attempts-spent' } });
    expect((await world.eventOf('harvest.failed.v1', { jobId })).data).toMatchObject({ code: 'attempts-spent', retryable: true });
    const retried = await world.eventOf('harvest.requested.v1', { repositoryId: one.repositoryId, reason: 'retry' });
    await world.jobIn(retried.data.jobId, 'completed');
  });

  it('shares work with a second one, and neither does it twice', async () => {
    const second = await world.host();
    const made = await Promise.all(Array.from({ length: 4 }, (_, n) => world.repository({ [`${n}.ts`]: `import 'shared-${n}';` })));
    const added = await Promise.all(made.map(({ path }) => world.add(path)));
    await Promise.all(added.map(({ jobId }) => world.jobIn(jobId, 'completed')));
    const heads = await Promise.all(made.map((one, n) => one.commit({ [`${n}.ts`]: `import 'moved-${n}';` })));
    await Promise.all(heads.map((commit) => world.eventOf('harvest.completed.v1', { commit })));
    for (const { repository: { repositoryId } } of added) {
      expect(world.eventsOf(repositoryId).map(({ type }) => type)).toEqual(['repository.registered.v1', 'harvest.requested.v1', 'harvest.started.v1', 'harvest.completed.v1', 'repository.head-moved.v1', 'harvest.requested.v1', 'harvest.started.v1', 'harvest.completed.v1']);
    }
    await second.stop();
  });
});

function childrenOf(pid: number | undefined): string[] | null {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((child) => child !== '' && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('poison.worker'));
  return pids.length > 0 ? pids : null;
}
