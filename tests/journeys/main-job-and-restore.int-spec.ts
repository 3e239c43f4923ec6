import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, temporaryRepository, waitFor } from '@granary/testing';
import type { TemporaryFolder, TemporaryRepository } from '@granary/testing';
import { connect, headers } from '@nats-io/transport-node';
import { CloudEvent, HTTP } from 'cloudevents';
import { allTables } from '../support/tables.ts';
import { granaryIn } from '../support/granary.ts';
import type { Running } from '../support/granary.ts';
import { whoMayCall } from '../support/who-may-call.ts';
import { restoring } from './parts/restore.ts';

interface Found {
  repository: { name: string; repositoryId: string };
  job: { jobId: string; correlationId: string; state: string };
  commit: string;
  graphHash: string;
  tier: number;
  languages: { language: string; files: number }[];
  counts: { modules: number; imports: number; packages: number; entrypoints: number; cycles: number; unresolved: number };
  events: { harvest: number; log: number };
  readyMs: number;
}

interface PlatformFile {
  pid: number;
  nats: { pid: number; url: string };
  publishers: [{ user: string; password: string; inboxPrefix: string; subject: string }];
  operator: { user: string; password: string };
  auth: { key: string; platformKey: string };
  database: { pid: number; url: string };
  services: Record<string, { pid: number; url: string; restarts: number }>;
}

const FILES = {
  'package.json': JSON.stringify({ name: 'shop', version: '1.0.0', main: './src/index.ts', dependencies: { lodash: '^4.17.0' } }),
  'package-lock.json': JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': { name: 'shop', dependencies: { lodash: '^4.17.0' } }, 'node_modules/lodash': { version: '4.17.21' } } }),
  'src/index.ts': `import { total } from './cart';\nimport _ from 'lodash';\nexport const sum = _.sum([total]);\n`,
  'src/cart.ts': `import { price } from './price';\nexport const total = price * 2;\n`,
  'src/price.ts': `export const price = 21;\n`,
};

jest.setTimeout(120_000);

describe('the main job', () => {
  let data: TemporaryFolder;
  let repository: TemporaryRepository;
  let up: Running | null = null;
  let found: Found;
  const granary = () => granaryIn(data.path);
  const platform = () => JSON.parse(readFileSync(join(data.path, 'platform.json'), 'utf8')) as PlatformFile;

  beforeAll(async () => {
    data = temporaryFolder();
    repository = await temporaryRepository(FILES);
  });
  afterAll(() => {
    up?.process.kill('SIGKILL');
    repository.remove();
    data.remove();
  });

  const start = async () => {
    const running = granary().start('up', repository.path, '--json');
    up = running;
    await waitFor(() => endsOrPrints(running), { timeoutMs: 60_000, what: 'the result' });
    if (running.process.exitCode !== null) throw new Error(`granary up ended early: ${running.printed()}`);
    return JSON.parse(running.stdout()) as Found;
  };
  const stop = async () => {
    const begun = performance.now();
    up?.process.kill('SIGINT');
    const ended = await up?.finished;
    up = null;
    return { code: ended?.code, ms: performance.now() - begun };
  };

  it('starts everything and prints what it found in a repository', async () => {
    found = await start();
    expect(found).toMatchObject({
      commit: await repository.head(),
      tier: 2,
      counts: { modules: 3, imports: 2, packages: 1, entrypoints: 1, cycles: 0, unresolved: 0 },
      job: { state: 'completed' },
    });
    expect(found.languages.find(({ language }) => language === 'typescript')).toMatchObject({ files: 3 });
    expect(found.events.harvest).toBeGreaterThanOrEqual(4);
  });

  it('answers the operator: status, repositories, jobs, the graph and its questions', async () => {
    const { name } = found.repository;
    // A service that is catching up calls itself degraded for a moment.
    const status = await waitFor(() => granary().json('status'), { timeoutMs: 30_000, what: 'a status without complaints' });
    expect(status).toMatchObject({ services: expect.arrayContaining([expect.objectContaining({ name: 'harvester' })]) });
    expect(JSON.stringify(await granary().json('repos', 'list'))).toContain(found.repository.repositoryId);
    expect(JSON.stringify(await granary().json('jobs', 'list'))).toContain(found.job.jobId);
    const graph = await granary().json<{ nodes: { modules: { path: string }[] }; edges: { imports: { from: string; to: string }[] } }>('graph', 'show', name);
    expect(graph.nodes.modules.map(({ path }) => path)).toEqual(['src/cart.ts', 'src/index.ts', 'src/price.ts']);
    expect(graph.edges.imports.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['src/cart.ts -> src/price.ts', 'src/index.ts -> src/cart.ts']);
    expect((await granary().run('graph', 'show', name, '--format', 'dot')).stdout).toContain('digraph');
    expect((await granary().run('graph', 'show', name, '--format', 'mermaid')).stdout).toMatch(/^(flowchart|graph)/m);
    expect(JSON.stringify(await granary().json('graph', 'dependents', name, 'src/price.ts', '--transitive'))).toContain('src/index.ts');
    expect(JSON.stringify(await granary().json('graph', 'dependents', name, 'lodash'))).toContain('src/index.ts');
    expect((await granary().run('doctor')).code).toBe(0);
  });

  it('answers every call of everybody as the contracts and the roles say', async () => {
    const { nats, operator, auth } = platform();
    const { repository: { repositoryId }, job: { jobId }, graphHash } = found;
    expect(await whoMayCall({ natsUrl: nats.url, operator, ...auth }, { repositoryId, jobId, graphHash, query: 'price', package: 'lodash' })).toEqual([]);
  });

  it('tells the whole story of a harvest as a tree of causes', async () => {
    const { stdout } = await granary().run('events', 'trace', found.job.correlationId);
    const order = ['repository.registered', 'harvest.requested', 'harvest.started', 'harvest.completed', 'graph.normalized'].map((type) => stdout.indexOf(type));
    expect(order.every((place) => place >= 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    expect(await granary().json('events', 'search', '--type', 'graph.normalized.v1')).toMatchObject({ events: [expect.objectContaining({ event: expect.objectContaining({ source: 'granary/normalizer' }) })] });
  });

  it('sees a new commit without being asked, and announces exactly what changed', async () => {
    const commit = await repository.commit({ 'src/tax.ts': `export const tax = 1.2;\n`, 'src/cart.ts': `import { price } from './price';\nimport { tax } from './tax';\nexport const total = price * tax;\n` });
    const changes = await waitFor(
      async () => {
        const { events } = await granary().json<{ events: { event: { type: string; data: { commit?: string; path?: string } } }[] }>('events', 'search', '--key', found.repository.repositoryId, '--limit', '200');
        const ofCommit = events.map(({ event }) => event).filter(({ data: { commit: at } }) => at === commit);
        return ofCommit.some(({ type }) => type === 'graph.normalized.v1') && ofCommit.some(({ type }) => type === 'module.added.v1') ? ofCommit : null;
      },
      { timeoutMs: 60_000, everyMs: 1_000, what: 'the graph of the new commit' },
    );
    expect(changes.filter(({ type }) => type.startsWith('module.')).map(({ type, data: { path } }) => `${type} ${path}`).sort()).toEqual(['module.added.v1 src/tax.ts', 'module.changed.v1 src/cart.ts']);
  });

  it('admits events of other programs over HTTP and NATS, and gives them to who follows and who asks', async () => {
    const { nats, auth, publishers: [publisher], services } = platform();
    const url = services['gateway']?.url ?? '';
    const authorization = `Bearer ${auth.key}`;
    const tail = await fetch(`${url}/v1/events/tail?types=task.started.v1`, { headers: { authorization } });
    const reader = tail.body?.pipeThrough(new TextDecoderStream()).getReader();

    const posted = HTTP.structured(new CloudEvent({ id: 'by-http', source: 'urn:agents:local-operator', type: 'task.started.v1', data: { taskId: 'journey', attempt: 1 } }));
    const response = await fetch(`${url}/v1/events`, { method: 'POST', headers: { ...(posted.headers as Record<string, string>), authorization }, body: posted.body as string });
    expect(await response.json()).toMatchObject({ state: 'admitted', duplicate: false });

    const connection = await connect({ servers: nats.url, user: publisher.user, pass: publisher.password, inboxPrefix: publisher.inboxPrefix });
    const event = headers();
    for (const [name, value] of Object.entries({ specversion: '1.0', id: 'by-nats', source: 'urn:agents:publisher', type: 'task.started.v1' })) event.set(`ce-${name}`, value);
    const answer = await connection.request(publisher.subject, JSON.stringify({ taskId: 'journey', attempt: 2 }), { headers: event, timeout: 20_000 });
    expect(answer.json()).toMatchObject({ state: 'admitted', duplicate: false });
    await connection.close();

    let followed = '';
    while (!(followed.includes('"by-http"') && followed.includes('"by-nats"'))) followed += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    const found = await granary().json<{ events: { event: Record<string, unknown> }[] }>('events', 'search', '--type', 'task.started.v1');
    expect(found.events.map(({ event: { foreignid, tenantid, source, data: told } }) => ({ foreignid, tenantid, source, data: told }))).toEqual([
      { foreignid: 'by-http', tenantid: 'default', source: 'urn:agents:local-operator', data: { taskId: 'journey', attempt: 1 } },
      { foreignid: 'by-nats', tenantid: 'default', source: 'urn:agents:publisher', data: { taskId: 'journey', attempt: 2 } },
    ]);
  });

  it('lets what the gate found show nowhere: no table, no event, no artifact, no log, no metric', async () => {
    // Made of pieces, so that this repository holds none of them.
    const token = ['sk', 'ant', 'api03', `${'Vq7Zt3Kx9Rb2Lm5Nc8Ws1Yd4Hg6Jf0PaTeUiOr'.repeat(2)}Qz4xW7kB1nD9sF`, 'AA'].join('-');
    const address = ['erika.mustermann', 'somewhere-real.de'].join('@');
    const canary = await temporaryRepository({
      'package.json': JSON.stringify({ name: 'canary', dependencies: { inner: `git+https://bot:${token}@git.example.org/a.git` } }),
      'src/a.ts': `import './${token}/b';\nexport const key = '${token}';\nexport const mail = '${address}';\n`,
      '.env': `ANTHROPIC_API_KEY=${token}\n`,
      'people.csv': `name,email\nErika,${address}\n`,
    });
    try {
      const harvested = await granary().json<{ repository: { repositoryId: string; name: string } }>('harvest', canary.path, '--wait');
      const { repositoryId, name } = harvested.repository;
      const places: Record<string, string> = {
        answer: JSON.stringify(harvested),
        events: (await granary().run('events', 'search', '--key', repositoryId, '--limit', '500', '--json')).stdout,
        graph: (await granary().run('graph', 'show', name)).stdout,
        logs: readdirSync(join(data.path, 'logs')).map((file) => readFileSync(join(data.path, 'logs', file), 'utf8')).join('\n'),
        metrics: (await Promise.all(Object.values(platform().services).map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))).join('\n'),
        ...(await allTables(data.path, platform().database.url)),
      };
      expect(JSON.parse(places['graph'] ?? '')).toMatchObject({ nodes: { findings: expect.arrayContaining([expect.objectContaining({ kind: 'secret', path: '.env' }), expect.objectContaining({ kind: 'personal-data', path: 'people.csv' })]) } });
      expect(places['events']).toContain('secret.detected.v1');
      expect(Object.keys(places)).toEqual(expect.arrayContaining(['harvester.facts', 'harvester.artifacts', 'normalizer.artifacts', 'harvester.outbox']));
      const secret = token.slice(16, 60);
      expect(Object.entries(places).filter(([, text]) => text.includes(secret) || text.includes(address)).map(([place]) => place)).toEqual([]);
    } finally {
      canary.remove();
    }
  });

  it('starts a killed service again, and goes on where it was', async () => {
    const before = platform().services['normalizer'];
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const commit = await repository.commit({ 'src/tax.ts': `export const tax = 1.25;\n` });
    await waitFor(async () => JSON.stringify(await granary().json('events', 'search', '--type', 'graph.normalized.v1')).includes(commit), { timeoutMs: 60_000, everyMs: 1_000, what: 'the graph of the next commit' });
    expect(platform().services['normalizer']).toMatchObject({ restarts: 1 });
    expect(await granary().json('held', 'list')).toMatchObject({ held: [] });
  });

  it('says what is wrong and what to do: unknown repository, second start', async () => {
    const unknown = await granary().run('harvest', join(data.path, 'nowhere'), '--wait');
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toMatch(/nowhere/);
    const second = await granary().run('up', repository.path);
    expect(second).toMatchObject({ code: 6, stderr: expect.stringContaining(String(platform().pid)) });
  });

  // Here as well, because to start a platform takes longer than most of what is asked of it.
  const lost = restoring({ data: () => data.path, repository: () => repository });
  describe('on a machine that will be lost', lost.whileItRuns);

  it('stops everything in order within ten seconds', async () => {
    const { services, nats, database } = platform();
    const { code, ms } = await stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    for (const pid of [nats.pid, database.pid, ...Object.values(services).map(({ pid: of }) => of)]) expect(isAlive(pid)).toBe(false);
    expect(await granary().run('status')).toMatchObject({ code: 3, stderr: expect.stringContaining('not running') });
  });

  it('comes back with its data, ends with the harvest when it is told to, and tells a failed one by its exit code', async () => {
    const once = await granary().run('up', repository.path, '--once', '--json');
    expect(once.code).toBe(0);
    const again = JSON.parse(once.stdout) as Found;
    expect(again).toMatchObject({ repository: found.repository, commit: await repository.head() });
    expect(again.events.log).toBeGreaterThan(found.events.log);
    const failed = await granary().run('up', join(data.path, 'nowhere'), '--once');
    expect(failed.code).toBe(4);
    expect(failed.stderr).toContain('nowhere');
  });

  describe('when the machine is lost', lost.afterIt);
});

function endsOrPrints(running: Running): boolean {
  if (running.process.exitCode !== null) return true;
  try {
    JSON.parse(running.stdout());
    return true;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
