import { execFile } from 'node:child_process';
import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { waitFor } from '@granary/testing';
import type { Drill } from '../drill.ts';
import { change, harvestsRest, lockTable, pidOf, repositoryOf } from '../faults.ts';
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
  {
    name: 'CorruptedArtifacts',
    alert: null,
    fault: 'the stored bytes of the newest facts and of the newest graph change',
    async begin(world) {
      await harvestsRest(world);
      const session = await world.database();
      for (const [schema, newest] of [['harvester', 'pack_digest'], ['normalizer', 'head_hash']] as const)
        await session.query(`update ${schema}.artifacts set body = set_byte(body, 20, get_byte(body, 20) # 1) where digest in (select ${newest} from ${schema}.repositories)`);
      await session.end();
      // The normalizer has the graph in its memory, too; a restart takes that away.
      process.kill(pidOf(world, 'normalizer'), 'SIGKILL');
      return { values: { repo: repositoryOf(world), path: world.repository.path } };
    },
    sees: [/is damaged/],
  },
  {
    name: 'AnalysisWorkersDie',
    fault: 'the processes that analyse files are killed (SIGKILL) whenever they work',
    async begin(world) {
      const killing = endWorkers(world);
      await world.repository.commit(manyModules(4));
      return { values: { repo: repositoryOf(world) }, mended: killing.stop, clear: killing.stop };
    },
    sees: [/^[1-9]\d* .*reason=crashed/m],
  },
  {
    name: 'IncompleteTier3',
    alert: null,
    fault: 'two processes that analyse files are killed (SIGKILL), the second while it has a file for itself',
    async begin(world) {
      await harvestsRest(world);
      await waitFor(async () => (await workersAtWork(world)).length === 0, { everyMs: 500, what: 'workers without work to end' });
      const killing = endWorkers(world, 2);
      const commit = await world.repository.commit(manyModules(1));
      await waitFor(async () => (await world.granary<{ jobs: { state: string; commit: string }[] }>('jobs', 'list')).jobs.some((job) => job.state === 'completed' && job.commit === commit), { timeoutMs: 60_000, everyMs: 500, what: 'the harvest of what was committed' });
      await killing.stop();
    },
    sees: [/"modules-\d+\.ts"/],
    reads: { repo: /^(\S+) {2}[0-9a-f-]{36} /m },
  },
  {
    name: 'HarvestHangs',
    fault: 'a remote is added that never gets through with what it sends',
    async begin(world) {
      const remote = await endlessRemote(await world.repository.head());
      await world.granary('repos', 'add', remote.location);
      return { values: { location: remote.location }, clear: remote.close };
    },
    sees: [/fetching/],
    reads: { job: /^([0-9a-f-]{36}) +\S+ +fetching/m, repo: /^[0-9a-f-]{36} +(\S+) +fetching/m },
  },
  {
    name: 'FreshnessTooOld',
    fault: 'a session keeps others from storing artifacts, and a repository changes',
    async begin(world) {
      const locked = await lockTable(world, 'harvester.artifacts', 'share');
      await change(world);
      return { ...locked, mended: () => locked.clear?.() };
    },
    sees: [/storing/],
  },
];

let made = 0;

/** Modules that nobody knows yet, each as large as takes a worker some time. */
function manyModules(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, () => {
    made++;
    const text = Array.from({ length: 7_000 }, (_, line) => `import { a${line} } from './m${line % 50}'; export const f${line} = (x: number): number => (x > ${line} ? x * ${made} : a${line}(x));`).join('\n');
    return [`modules-${made}.ts`, text];
  }));
}

/** The processes that analyse files and have begun to, which shows by the git that each has started; it runs on until they end. */
async function workersAtWork(world: World): Promise<number[]> {
  const harvester = pidOf(world, 'harvester');
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const processes = stdout.split('\n').map((line) => line.trim().split(/ +/)).map(([pid, parent, ...args]) => ({ pid: Number(pid), parent: Number(parent), args: args.join(' ') }));
  const parents = new Set(processes.map(({ parent }) => parent));
  return processes.filter(({ pid, parent, args }) => parent === harvester && args.includes('analyse.worker') && parents.has(pid)).map(({ pid }) => pid);
}

/** Kills workers as soon as they are at work: so many, or until it is told to stop. */
function endWorkers(world: World, times = Infinity): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const killed = new Set<number>();
  const running = (async () => {
    while (!stopped.signal.aborted && killed.size < times) {
      const found = (await workersAtWork(world)).filter((pid) => !killed.has(pid));
      for (const pid of found.slice(0, times - killed.size)) {
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await sleep(30);
    }
  })();
  return {
    stop() {
      stopped.abort();
      return running;
    },
  };
}

/** A git server on loopback that knows one commit, and sends signs of life instead of its objects. */
async function endlessRemote(commit: string): Promise<{ location: string; close(): void }> {
  const packet = (text: string) => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
  const advertised = `${packet('# service=git-upload-pack\n')}0000${packet(`${commit} HEAD\0side-band-64k symref=HEAD:refs/heads/main\n`)}${packet(`${commit} refs/heads/main\n`)}0000`;
  const server = createServer((request, response) => {
    if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' }).end(advertised);
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' }).write(packet('NAK\n'));
    // git gives up what brings less than 1000 bytes a second.
    const timer = setInterval(() => response.write(packet('\x01').repeat(400)), 500);
    return response.once('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    location: `http://127.0.0.1:${(server.address() as AddressInfo).port}/endless.git`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
