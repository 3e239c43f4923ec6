import { createHash } from 'node:crypto';
import type { FactPack } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import type { World } from '../test/world';
import { startWorld } from '../test/world';

let world: World;
let service: HostedService;

beforeAll(async () => {
  world = await startWorld();
  service = await world.host();
  await world.rpc.call('harvester.gate.set', { rules: [{ id: 'acme-token', severity: 'high', keywords: ['acme_dt_'], pattern: 'acme_dt_[a-z0-9]{24}' }] });
});

afterAll(async () => {
  await service?.stop();
  await world?.stop();
});

// Made of pieces, so that this repository holds no such thing.
const token = (end: string): string => `export const token = '${['acme', 'dt', `k3v9x2m7q8w4z1t6r5y0p3${end}`].join('_')}';\n`;
const blobOf = (content: string): string => createHash('sha1').update(`blob ${content.length}\0${content}`).digest('hex');

const ruby = 'require "b"\n';
const ownGraph = JSON.stringify({ version: 1, generator: 'test', modules: [{ path: 'app.rb', blob: blobOf(ruby), imports: [{ specifier: './b', kind: 'static', line: 1 }] }] });

const COMMITS: readonly [what: string, files: Record<string, string | null>][] = [
  ['other content', { 'src/a.ts': `import './b';\nimport 'react';\n` }],
  ['new files and findings', { 'src/new.ts': token('b8'), 'src/z/deep.ts': `import '../a';`, 'app.rb': ruby, 'people.csv': `name,email\nErika,${['erika.m', 'somewhere-real.de'].join('@')}\n` }],
  ['a manifest and a call of AI', { 'package.json': '{"dependencies":{"openai":"^6.0.0"}}', 'src/ai.ts': `import OpenAI from 'openai';\nexport const x = () => new OpenAI().chat.completions.create({ model: 'gpt-5-mini', messages: [] });\n` }],
  ['its own module graph', { 'module_graph.json': ownGraph }],
  ['beside its own module graph', { 'src/b.ts': `import 'next';` }],
  ['a module graph that is gone', { 'module_graph.json': null }],
  ['a finding on another line', { 'src/new.ts': `\n\n${token('b8')}${token('c9')}` }],
  ['poison', { 'src/poison.ts': `// POISON-CRASH POISON-ALWAYS` }],
  ['beside poison', { 'src/a.ts': '' }],
  ['everything gone but one file', { 'src/new.ts': null, 'src/z/deep.ts': null, 'src/poison.ts': null, 'package.json': null, 'src/ai.ts': null, 'people.csv': null }],
];

it('follows what is decided about findings between two commits', async () => {
  const made = await world.repository({ 'a.ts': token('d1'), 'b.ts': '' });
  const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'decided' });
  await world.jobIn(jobId, 'completed');
  const { findings: [known] } = await world.rpc.call('harvester.finding.list', { repository: 'decided', kind: 'secret' });
  await world.rpc.call('harvester.finding.allow', { repository: 'decided', findingId: known?.finding.id ?? '', reason: 'made up' });
  const commit = await made.commit({ 'b.ts': `import './a';` });
  const { data } = await world.eventOf('harvest.completed.v1', { repositoryId, commit });
  const { findings } = (await world.read(data.facts.digest)) as FactPack;
  expect(findings.map(({ path, allowed }) => [path, allowed])).toEqual([['a.ts', { by: 'decision', reason: 'made up' }]]);
  await world.forget();
});

it('brings the same bytes from what differs as from everything, commit by commit', async () => {
  const made = await world.repository({ 'src/a.ts': `import './b';`, 'src/b.ts': '', 'README.md': '# Sample\n' });
  const { repository: { repositoryId }, jobId } = await world.add(made.path, { name: 'followed' });
  await world.jobIn(jobId, 'completed');
  const followed: { what: string; commit: string; digest: string; base: string | null }[] = [];
  for (const [what, files] of COMMITS) {
    const commit = await made.commit(files);
    const { data } = await world.eventOf('harvest.completed.v1', { repositoryId, commit });
    followed.push({ what, commit, digest: data.facts.digest, base: data.base });
  }
  expect(followed.map(({ base }) => base).slice(1)).toEqual(followed.map(({ commit }) => commit).slice(0, -1));

  // A harvester that keeps no snapshot lists everything and looks everything up.
  await service.stop();
  Object.assign(world.environment, { GRANARY_HARVESTER_KNOWN: '1B' });
  service = await world.host();
  for (const { what, commit, digest } of followed) {
    await made.git('reset', '--quiet', '--hard', commit);
    const { jobId: asked } = await world.rpc.call('harvester.harvest.request', { repository: 'followed' });
    const { data } = await world.eventOf('harvest.completed.v1', { jobId: asked });
    expect([what, data.commit, data.facts.digest]).toEqual([what, commit, digest]);
  }
});
