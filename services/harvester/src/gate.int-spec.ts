import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactPack } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import { waitFor } from '@granary/testing';
import type { World } from '../test/world';
import { startWorld } from '../test/world';

let world: World;
let service: HostedService;

beforeAll(async () => {
  world = await startWorld();
  Object.assign(world.environment, { GRANARY_HARVESTER_REPAIR: '1s' });
  service = await world.host();
});

afterEach(() => world.forget());

afterAll(async () => {
  await service?.stop();
  await world?.stop();
});

// Made of pieces, so that this repository holds none of them.
const TOKEN = ['acme', 'dt', 'k3v9x2m7q8w4z1t6r5y0p3b8'].join('_');
const OTHER = ['acme', 'dt', 'h7n2c5f8j1l4s9d3g6a0e2u5'].join('_');
const ADDRESS = ['erika.mustermann', 'somewhere-real.de'].join('@');
const RULE = { id: 'acme-deploy-token', severity: 'high' as const, keywords: ['acme_dt_'], pattern: 'acme_dt_[a-z0-9]{24}' };
const AI = `import OpenAI from 'openai';\nconst client = new OpenAI();\nexport const answer = () => client.chat.completions.create({ model: 'gpt-5-mini', messages: [] });\n`;

const setGate = (mode: 'warn' | 'block') => world.rpc.call('harvester.gate.set', { mode, rules: [RULE] });
const list = async (repository: string, state?: 'open' | 'allowed' | 'resolved') => (await world.rpc.call('harvester.finding.list', { repository, kind: 'secret', ...(state && { state }) })).findings;

describe('the secrets gate', () => {
  it('warns: what it finds is announced, listed and part of the pack, and goes when it is removed', async () => {
    await setGate('warn');
    const made = await world.repository({ 'src/config.ts': `import './x';\nexport const token = '${TOKEN}';\n`, 'people.csv': `name,email\nErika,${ADDRESS}\n` });
    const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'warned' });
    expect(await world.jobIn(jobId, 'completed', 'blocked', 'failed')).toMatchObject({ state: 'completed' });

    const { data } = await world.eventOf('secret.detected.v1', { repositoryId });
    expect(data.finding).toMatchObject({ kind: 'secret', rule: RULE.id, severity: 'high', path: 'src/config.ts', line: 2, allowed: null });
    expect((await world.eventOf('pii.detected.v1', { repositoryId })).data.finding).toMatchObject({ rule: 'email', path: 'people.csv', line: 2 });
    const { data: completed } = await world.eventOf('harvest.completed.v1', { jobId });
    expect(completed.findings).toMatchObject({ secrets: { high: 1 }, allowed: 0 });
    const pack = (await world.read(completed.facts.digest)) as FactPack;
    expect(pack.findings.map(({ path, rule }) => [path, rule])).toEqual([['people.csv', 'email'], ['src/config.ts', RULE.id]]);
    expect(await list('warned')).toMatchObject([{ repository: 'warned', state: 'open', finding: { id: data.finding.id }, resolvedAt: null }]);

    await made.commit({ 'src/config.ts': `\n\nimport './x';\nexport const token = '${TOKEN}';\n` });
    await waitFor(async () => (await list('warned')).some(({ finding }) => finding.line === 4), { everyMs: 100, what: 'the finding on its new line' });
    expect(world.eventsOf(repositoryId).filter(({ type }) => type === 'secret.detected.v1')).toHaveLength(1);

    await made.commit({ 'src/config.ts': `import './x';\n` });
    expect((await world.eventOf('secret.resolved.v1', { repositoryId })).data).toMatchObject({ id: data.finding.id, path: 'src/config.ts' });
    expect(await list('warned', 'resolved')).toMatchObject([{ state: 'resolved', finding: { id: data.finding.id } }]);
    expect(await list('warned', 'open')).toEqual([]);
  });

  it('blocks: a commit with a secret of high severity is withheld until it is gone or allowed', async () => {
    await setGate('block');
    const made = await world.repository({ 'a.ts': `import './b';` });
    const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'blocked' });
    await world.jobIn(jobId, 'completed');
    const bad = await made.commit({ 'a.ts': `export const token = '${OTHER}';\n` });
    const { data } = await world.eventOf('harvest.blocked.v1', { repositoryId });
    expect(data).toMatchObject({ commit: bad, paths: ['a.ts'], counts: { secrets: { high: 1 } } });
    const job = await world.jobIn(data.jobId, 'blocked');
    expect(job.error).toEqual({ stage: 'storing', code: 'secrets-found', message: expect.stringContaining('1 secret of high severity in a.ts: the commit was withheld') });
    expect(world.eventsOf(repositoryId).filter(({ type }) => type === 'harvest.completed.v1')).toHaveLength(1);
    const [known] = (await world.rpc.call('harvester.repository.list', {})).repositories.filter(({ name }) => name === 'blocked');
    // It was harvested: nobody waits for anything but a decision.
    expect(known).toMatchObject({ headCommit: bad, withheldCommit: bad, unharvestedSince: null });
    expect(known?.harvestedCommit).not.toBe(bad);

    const [finding] = await list('blocked', 'open');
    const findingId = finding?.finding.id ?? '';
    expect(await world.rpc.call('harvester.finding.allow', { repository: 'blocked', findingId, reason: 'a sandbox' })).toMatchObject({ finding: { state: 'allowed', finding: { allowed: { by: 'decision', reason: 'a sandbox' } } } });
    const completed = await waitFor(() => world.eventsOf(repositoryId).find(({ type, data: of }) => type === 'harvest.completed.v1' && (of as { commit: string }).commit === bad), { what: 'the commit that is allowed now' });
    expect(completed.data).toMatchObject({ findings: { secrets: { high: 0 }, allowed: 1 } });
    expect((await world.eventOf('finding.allowed.v1', { repositoryId })).data).toMatchObject({ reason: 'a sandbox', finding: { id: findingId } });

    await world.rpc.call('harvester.finding.revoke', { repository: 'blocked', findingId, reason: 'it is in use' });
    await waitFor(() => world.eventsOf(repositoryId).filter(({ type }) => type === 'harvest.blocked.v1').length === 2, { what: 'the commit to be withheld again' });
    await expect(world.rpc.call('harvester.finding.allow', { repository: 'blocked', findingId: '0'.repeat(32), reason: 'x' })).rejects.toMatchObject({ code: 'finding-not-found' });
  });

  it('is left as it is by rules that cannot be used, and says what is wrong with each', async () => {
    const before = await world.rpc.call('harvester.gate.show', {});
    await expect(world.rpc.call('harvester.gate.set', { rules: [{ id: 'slow', pattern: 'x(a+)+y' }, { id: 'broken', pattern: 'abc(' }] })).rejects.toMatchObject({ code: 'bad-rules', message: expect.stringMatching(/slow[^]*broken/) });
    expect(await world.rpc.call('harvester.gate.show', {})).toEqual(before);
  });

  it('lets the secret show nowhere', async () => {
    await setGate('warn');
    const made = await world.repository({
      'package.json': JSON.stringify({ name: 'canary', dependencies: { inner: `git+https://user:${TOKEN}@git.example.org/a.git` } }),
      'src/a.ts': `import './${TOKEN}/b';\nexport default '${TOKEN}';\n`,
      '.env': `TOKEN=${TOKEN}\nMAIL=${ADDRESS}\n`,
      'module_graph.json': JSON.stringify({ version: 1, generator: TOKEN, modules: [] }),
    });
    const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'canary' });
    await world.jobIn(jobId, 'completed');
    const { data } = await world.eventOf('harvest.completed.v1', { jobId });
    const pack = JSON.stringify(await world.read(data.facts.digest));
    const tables = await world.query(`select table_name from information_schema.tables where table_schema = current_schema()`);
    const rows = await Promise.all(tables.map(({ table_name: table }) => world.query(`select * from "${String(table)}"`)));
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const secret = TOKEN.slice('acme_dt_'.length);
    const everywhere = { pack, rows: rows.map((of) => of.map((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value))))), events: world.announced, logs: world.logged, metrics };
    for (const [place, content] of Object.entries(everywhere)) {
      expect([place, JSON.stringify(content).includes(secret)]).toEqual([place, false]);
      expect([place, JSON.stringify(content).includes(ADDRESS)]).toEqual([place, false]);
    }
    expect((await list('canary')).length).toBeGreaterThanOrEqual(3);
    expect(repositoryId).toMatch(/^0/);
  });
});

describe('the use of AI', () => {
  it('is announced by file and provider, judged for the repository, and told when it ends', async () => {
    const made = await world.repository({ 'package.json': '{"dependencies":{"openai":"^6.0.0"}}', 'src/answer.ts': AI });
    const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'with-ai' });
    await world.jobIn(jobId, 'completed');
    const { data } = await world.eventOf('ai-usage.detected.v1', { repositoryId });
    expect(data).toMatchObject({ path: 'src/answer.ts', provider: 'openai' });
    expect(data.calls).toContainEqual(expect.objectContaining({ operation: 'chat', line: 3, model: 'gpt-5-mini' }));
    const { posture } = (await world.eventOf('ai-usage.assessed.v1', { repositoryId })).data;
    expect(posture.score).toBeLessThan(1);
    expect(await world.rpc.call('harvester.posture.show', { repository: 'with-ai' })).toMatchObject({ name: 'with-ai', posture: { providers: [{ provider: 'openai' }] }, usage: [{ path: 'src/answer.ts' }] });

    await made.commit({ 'src/answer.ts': `// moved\n${AI}` });
    await made.commit({ 'src/answer.ts': null });
    expect((await world.eventOf('ai-usage.removed.v1', { repositoryId })).data).toMatchObject({ path: 'src/answer.ts', provider: 'openai' });
    expect(world.eventsOf(repositoryId).filter(({ type }) => type === 'ai-usage.detected.v1')).toHaveLength(1);
  });
});

describe('tiers', () => {
  it('take from the own module graph of a repository what is fresh, and still search the files', async () => {
    const made = await world.repository({ 'a.rb': `TOKEN = '${TOKEN}'\n`, 'b.rb': '', 'c.ts': `import './d';` });
    const blob = (await made.git('rev-parse', 'HEAD:a.rb')).trim();
    await made.commit({ 'module_graph.json': JSON.stringify({ version: 1, modules: [{ path: 'a.rb', blob, imports: [{ specifier: './b', kind: 'require', line: 1 }] }, { path: 'b.rb', blob: '1'.repeat(40), imports: [] }] }) });
    const { jobId, repository: { repositoryId } } = await world.add(made.path, { name: 'own-graph' });
    await world.jobIn(jobId, 'completed');
    const { data } = await world.eventOf('harvest.completed.v1', { jobId });
    expect(data).toMatchObject({ tier: 2, tierReasons: ['module_graph.json describes 1 files as they are', '1 of the 2 entries of module_graph.json are about other content and were not used'] });
    const pack = (await world.read(data.facts.digest)) as FactPack;
    expect(pack.modules.map(({ path, provenance }) => [path, provenance])).toEqual([['a.rb', 'module_graph.json'], ['c.ts', undefined]]);
    expect((await world.eventOf('secret.detected.v1', { repositoryId })).data.finding.path).toBe('a.rb');
  });

  it('try again what only the light scan could read, and tell the graph when it worked', async () => {
    const cure = join(world.data, 'cure');
    const made = await world.repository({ 'a.ts': `// POISON-UNLESS ${cure}\nimport './b';\n`, 'b.ts': '' });
    const { repository: { repositoryId } } = await world.add(made.path);
    const completed = (): { tier: number; tierReasons: string[] }[] => world.eventsOf(repositoryId).filter(({ type }) => type === 'harvest.completed.v1').map(({ data }) => data as { tier: number; tierReasons: string[] });
    await waitFor(() => completed().length >= 1, { what: 'the first harvest' });
    writeFileSync(cure, '');
    await waitFor(() => completed().some(({ tier }) => tier === 2), { what: 'the second harvest' });
    expect([completed()[0], completed().at(-1)].map((one) => one ?? { tier: 0, tierReasons: [] }).map(({ tier, tierReasons }) => [tier, tierReasons])).toEqual([[3, ['1 file only lightly scanned: the analysis ended its process']], [2, []]]);
  });
});
