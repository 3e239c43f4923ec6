import { type CacheCycle, rpcExamples } from '@granary/contracts';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const { cycle, decisions } = rpcExamples['cache-janitor.cycle.show'].response;
const { entries } = rpcExamples['cache-janitor.cache.manifest'].response;

it('lists what is kept, filtered', async () => {
  expect(await used.run('cache manifest')).toMatchObject({ code: 0, stderr: '' });
  expect((await used.run('cache manifest')).stdout).toMatch(/^owner +kind +id +what +size +last used +in use because\nnormalizer +artifact +3a7bd3e2360a +application\/vnd\.granary\.graph\+json;version=1 +18\.4 KB/);
  expect(json(await used.run('cache manifest --kind mirror --owner harvester --json'))).toEqual({ entries, more: false });
  expect(used.requests('cache-janitor.cache.manifest').at(-1)).toEqual({ owner: 'harvester', kind: 'mirror', limit: 100 });
  expect(await used.run('cache manifest --kind nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('artifact') });
});

it('waits for the cycle that it asks for, and tells what that decided', async () => {
  let asked = 0;
  used.platform.answer('cache-janitor.cycle.show', () => ({ cycle: (asked += 1) === 1 ? { ...cycle, state: 'sweeping' as const, finishedAt: null } : cycle, decisions, next: null }));
  const swept = await used.run('cache sweep');
  expect(swept).toMatchObject({ code: 0, stderr: '' });
  expect(swept.stdout).toMatch(/state +completed\n[^]*kept +120 entries, 4\.2 MB; in use 310 KB\nfreed +40 entries, 1\.2 MB\n[^]*delete +expired +normalizer +artifact +3a7bd3e2360a/);
  expect(used.requests('cache-janitor.cache.sweep')).toEqual([{ dryRun: false }]);
});

it('says of a dry run that nothing was changed, and of a cycle that failed why', async () => {
  const showing = (change: Partial<CacheCycle>) => used.platform.answer('cache-janitor.cycle.show', () => ({ cycle: { ...cycle, ...change }, decisions, next: 'more' }));
  showing({ dryRun: true, overBytes: 5_000_000 });
  const dry = await used.run('cache sweep --dry-run --limit 1');
  expect(dry.stdout).toMatch(/completed \(a dry run: nothing was changed\)[^]*over budget +5 MB, because that is in use/);
  expect(dry.stdout).not.toContain('freed');
  expect(used.requests('cache-janitor.cache.sweep')).toEqual([{ dryRun: true }]);

  showing({ state: 'failed', failures: [{ owner: 'harvester', code: 'service-unavailable', message: 'no harvester service answers' }] });
  used.platform.answer('cache-janitor.cache.sweep', () => ({ cycleId: cycle.cycleId, started: false }));
  expect(await used.run('cache sweep --limit 1')).toMatchObject({ code: 1, stdout: expect.stringContaining('harvester (service-unavailable): no harvester service answers'), stderr: expect.stringContaining('A cycle runs already') });
});

it('shows the figures and the cycles', async () => {
  const stats = await used.run('cache stats');
  expect(stats.stdout).toMatch(/unused for +168 h 0 min goes\nbudget +500 MB for artifacts and facts, 5 GB for mirrors\n[^]*cycles +12 completed, 0 failed\nfreed +1\.2 MB by deleting, 2\.1 KB by packing\n[^]*harvester +facts +930 +70 +93 %/);
  expect(json(await used.run('cache stats --json'))).toEqual(rpcExamples['cache-janitor.cache.stats'].response);
  expect((await used.run('cache cycles')).stdout).toMatch(/01976c2e-8b10-7a21-8c3d-4e5f60718293 +completed +requested .* 120 +40 +1\.2 MB/);
  expect(json(await used.run('cache cycles --json'))).toEqual({ cycles: [cycle], more: false });
});
