import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from '../drill.ts';
import { harvestsRest, pidOf, repositoryOf } from '../faults.ts';
import type { World } from '../world.ts';

/** Repositories and harvests. */
export const harvestDrills: readonly Drill[] = [
  {
    name: 'HarvestsFailing',
    fault: 'a repository is moved away, and harvested',
    async begin(world) {
      const { path } = world.repository;
      renameSync(path, `${path}-away`);
      const back = () => renameSync(`${path}-away`, path);
      let isBack = false;
      const mended = () => {
        if (!isBack) back();
        isBack = true;
      };
      for (let times = 0; times < 4; times++) await world.granary('harvest', repositoryOf(world), '--wait').catch(() => undefined);
      return { values: { repo: repositoryOf(world), location: path }, mended, clear: mended };
    },
  },
  {
    name: 'AnalysisWorkersDie',
    fault: 'whatever analyses files is killed again and again while a repository is harvested',
    async begin(world) {
      const stop = new AbortController();
      const running = killChildren(world, stop.signal);
      await world.repository.commit(Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`many/${index}.ts`, `export const value${index} = ${Date.now()};\n`])));
      const end = async () => {
        stop.abort();
        await running;
      };
      const timer = setTimeout(() => void end(), 20_000);
      return {
        values: { repo: repositoryOf(world) },
        clear: async () => {
          clearTimeout(timer);
          await end();
          await harvestsRest(world);
        },
      };
    },
  },
  {
    name: 'RepositoriesWithheld',
    fault: 'a key is committed, and the gate withholds the commit',
    async begin(world) {
      await world.granary('secrets', 'gate', '--mode', 'block');
      // Put together here, so that no file of this repository holds what looks like a key.
      const key = `AKIA${'Q3EGRZ7LHVTBN2WD'}`;
      await world.repository.commit({ 'deploy.env': `AWS_ACCESS_KEY_ID=${key}\nAWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI9K7MDENG7bPxRfi'}${'CYzQ4mTkP2sV'}\n` });
      return {
        values: { repo: repositoryOf(world) },
        clear: async () => {
          await world.granary('secrets', 'gate', '--mode', 'warn');
          await world.repository.commit({ 'deploy.env': null });
        },
      };
    },
    reads: { finding: /([0-9a-f]{32})/ },
  },
];

/** Ends the worker processes of the harvester as they come: its children that are no git. */
async function killChildren(world: World, signal: AbortSignal): Promise<void> {
  const parent = pidOf(world, 'harvester');
  while (!signal.aborted) {
    for (const pid of childrenOf(parent)) if (!commandOf(pid).startsWith('git')) endProcess(pid);
    await sleep(50);
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync(`/proc/${parent}/task`).flatMap((task) => readFileSync(`/proc/${parent}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return 'git';
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

