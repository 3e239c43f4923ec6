import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { temporaryRepository } from '@granary/testing';
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
    name: 'HarvestHangs',
    fault: 'a git server begins to send a repository and never ends',
    async begin(world) {
      const source = await temporaryRepository({ 'a.ts': 'export {};\n' });
      const server = createServer((request, response) => {
        if (!request.url?.includes('info/refs')) return keepCounting(response);
        const refs = execFileSync('git', ['upload-pack', '--stateless-rpc', '--advertise-refs', source.path]);
        response.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
        response.end(Buffer.concat([Buffer.from('001e# service=git-upload-pack\n0000'), refs]));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow.git`;
      await world.granary('repos', 'add', url);
      const clear = async () => {
        server.closeAllConnections();
        server.close();
        source.remove();
        await world.granary('repos', 'remove', url).catch(() => undefined);
      };
      return { values: { repo: url }, clear };
    },
    reads: { job: /^([0-9a-f-]{36}) +\S+ +fetching/m },
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

/** Answers a fetch with what a busy server sends while it prepares: progress, a line each second, for ever. */
function keepCounting(response: ServerResponse): void {
  response.setHeader('content-type', 'application/x-git-upload-pack-result');
  response.write(packet('NAK\n'));
  const timer = setInterval(() => response.write(packet(`\u0002Counting objects${'.'.repeat(4_000)}\r`)), 1_000);
  response.on('close', () => clearInterval(timer));
}

const packet = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text;

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

