import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryRepository, waitFor } from '@granary/testing';
import type { Drill } from '../drill.ts';
import { pidOf, thaw } from '../faults.ts';
import type { World } from '../world.ts';

const run = promisify(execFile);

/** Caches, backups and the disk. */
export const cacheDrills: readonly Drill[] = [
  {
    name: 'BackupNotVerified',
    fault: 'no backup was ever proven',
    isThere: true,
    begin: async () => undefined,
  },
  {
    name: 'CleanupFailed',
    fault: 'the normalizer hangs as it starts (SIGSTOP), and caches are gone over',
    async begin(world) {
      const ended = pidOf(world, 'normalizer');
      process.kill(ended, 'SIGKILL');
      const pid = await waitFor(() => ((now) => (now !== ended ? now : null))(world.platform().services['normalizer']?.pid ?? ended), { everyMs: 20, what: 'the normalizer to be started again' });
      process.kill(pid, 'SIGSTOP');
      // Ends with 1 once the normalizer was asked for half a minute.
      await world.granary('cache', 'sweep').catch(() => undefined);
      return { clear: () => thaw(pid) };
    },
    reads: { service: /no (\S+) service answers/ },
    // It goes once no cycle of the last two hours failed.
    withinMs: 240_000,
  },
  {
    name: 'CacheOverBudget',
    fault: 'a repository is watched whose newest graph is larger than the caches may be',
    // The alert speaks of cycles over everything, which come by themselves.
    settings: { GRANARY_CACHE_BUDGET: '8kB', GRANARY_CACHE_EVERY: '1m' },
    async begin(world) {
      // Few blobs and long paths: facts stay for a day, artifacts may go.
      const paths = Array.from({ length: 300 }, (_, n) => `${crypto.randomUUID()}-${n}.ts`);
      const large = await temporaryRepository(Object.fromEntries(paths.map((path) => [path, 'export {};\n'])));
      await world.granary('harvest', large.path, '--wait');
      await anHourPasses(world);
      return {
        // Who watched it does so no longer.
        mended: async () => {
          await world.granary('repos', 'remove', large.path);
          await anHourPasses(world);
        },
        clear: () => large.remove(),
      };
    },
    sees: [/it is the newest graph of/],
    withinMs: 300_000,
  },
  {
    name: 'DiskNearlyFull',
    fault: 'the file system of the backups fills up',
    leaveOut: () => (canMount() ? null : 'needs to mount a file system, as root on Linux'),
    async begin(world) {
      const folder = join(world.data, 'backups');
      mkdirSync(folder, { recursive: true });
      await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'granary-drill', folder]);
      writeFileSync(join(folder, 'somebody-elses'), Buffer.alloc(980_000));
      return {
        // The machine gets more room.
        mended: async () => void (await run('mount', ['-o', 'remount,size=32m', folder])),
        clear: async () => void (await run('umount', ['--lazy', folder])),
      };
    },
    sees: [/9\d%.*backups/],
  },
];

/** Nobody has read an artifact for a while; one that was just used may not go. */
async function anHourPasses(world: World): Promise<void> {
  const session = await world.database();
  for (const schema of ['harvester', 'normalizer']) await session.query(`update ${schema}.artifacts set last_used_at = last_used_at - interval '1 hour'`);
  await session.end();
}

const CAP_SYS_ADMIN = 21n;

function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
}
