import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Sources } from '#generate/catalogue';
import { ContractProblems, catalogueOf } from '#generate/catalogue';
import { DIGEST, digestText } from '#generate/digest';
import { fewSources } from '#generate/few-sources';
import { readGenerated, readMaker, readSources } from '#generate/files.store';
import { check, generate } from '#generate/generate.handler';
import { generatedFiles, staleness } from '#generate/generated';

const root = join(__dirname, '..');
const all = readSources(root);
// Generating everything takes seconds; what follows shows the same of the few.
const sources = fewSources(all);
const META = 'https://json-schema.org/draft/2020-12/schema';

const parsed = (path: string): Record<string, unknown> => JSON.parse(sources[path] ?? 'null') as Record<string, unknown>;
const withFiles = (files: Record<string, unknown>): Sources => ({ ...sources, ...Object.fromEntries(Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)])) });
const withAccess = (identity: string, may: Record<string, unknown>): Sources => withFiles({ [`access/${identity}.json`]: { ...parsed(`access/${identity}.json`), ...may } });
const without = (...paths: string[]): Sources => Object.fromEntries(Object.entries(sources).filter(([path]) => !paths.includes(path)));

function problemsOf(changed: Sources): readonly string[] {
  try {
    catalogueOf(changed);
    return [];
  } catch (error) {
    if (error instanceof ContractProblems) return error.problems;
    throw error;
  }
}

type Validate = (value: unknown) => boolean;
function load(text: string): Record<string, Validate> {
  const exported: Record<string, Validate> = {};
  const require = createRequire(join(root, 'src/generated/validators-strict.js'));
  const formats = { formats: { 'date-time': () => true, date: () => true } };
  new Function('exports', 'require', text)(exported, (name: string): unknown => (name === '../formats' ? formats : require(name)));
  return exported;
}

const removed = parsed('events/repository/removed/1.0.0.schema.json');
const minor = {
  ...removed,
  $id: 'granary:event/repository/removed/1.1.0',
  deprecated: true,
  'x-deprecated-until': '2027-01-31',
  properties: { ...(removed['properties'] as object), reason: { type: 'string', 'x-sensitivity': 'pii' } },
};
const CANCEL = 'rpc/harvester/job/cancel/1.0.0.request.schema.json';
/** The request of an operation with other keywords; null takes one away. */
const withRequest = (keywords: Record<string, unknown>): Sources => withFiles({ [CANCEL]: Object.fromEntries(Object.entries({ ...parsed(CANCEL), ...keywords }).filter(([, value]) => value !== null)) });
const example = parsed('events/repository/removed/1.0.0.example.json');
const nextVersion = { 'events/repository/removed/1.1.0.schema.json': JSON.stringify(minor), 'events/repository/removed/1.1.0.example.json': JSON.stringify({ ...example, dataschema: minor.$id }) };

describe('the generated files', () => {
  const maker = readMaker(__dirname);
  const folder = mkdtempSync(join(tmpdir(), 'granary-contracts-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are the same a second time, and mend what was changed by hand', async () => {
    for (const [path, text] of Object.entries(sources)) put(path, text);
    const names = await generate(folder, maker);
    expect(names.sort()).toEqual(Object.keys(readGenerated(folder)));
    expect(await check(folder, maker)).toEqual([]);

    put('src/generated/old.ts', '');
    expect(await check(folder, maker)).toEqual(['src/generated/old.ts is no longer generated']);

    appendFileSync(join(folder, 'src/generated/types.ts'), '// by hand\n');
    put('events/repository/removed/1.0.0.schema.json', JSON.stringify({ ...removed, description: 'Another one.' }));
    expect(await check(folder, maker)).toEqual(expect.arrayContaining(['src/generated/digest.txt is stale', 'src/generated/old.ts is no longer generated', 'src/generated/types.ts is stale']));
    await generate(folder, maker);
    const mended = readGenerated(folder);
    expect(Object.keys(mended)).toEqual(names);
    expect(mended['types.ts']).toContain('Another one.');
    expect(mended['types.ts']).not.toContain('by hand');
  });

  test.each([
    ['another generator', digestText({ ...maker, sources: { ...maker.sources, 'types.ts': '' } }, sources, { a: '1' })],
    ['other packages', digestText({ ...maker, versions: { ...maker.versions, ajv: '9.0.0' } }, sources, { a: '1' })],
    ['another source', digestText(maker, { ...sources, 'shapes/job.example.json': '{}' }, { a: '1' })],
    ['another text', digestText(maker, sources, { a: '2' })],
    ['another name', digestText(maker, sources, { b: '1' })],
    ['one file less', digestText(maker, sources, {})],
  ])('have another digest with %s', (_, text) => {
    expect(text).not.toBe(digestText(maker, sources, { a: '1' }));
    expect(text).toMatch(/: [0-9a-f]{64}\n$/);
  });

  test('have a digest that does not count itself', () => {
    expect(digestText(maker, sources, { a: '1', [DIGEST]: 'x' })).toBe(digestText(maker, sources, { a: '1' }));
  });

  let files: Record<string, string> = {};
  beforeAll(async () => {
    files = await generatedFiles({ ...withRequest({ 'x-permission': 'job:cancel', 'x-repository': '/jobId', 'x-caller-in-subject': true }), ...nextVersion });
  });

  test('follow the highest version of a major and keep validators for the others', () => {
    expect(files['types.ts']).toMatch(/interface RepositoryRemovedV1Data \{[^}]*reason\?: string;/);
    expect(files['tables.ts']).toContain("dataschema: 'granary:event/repository/removed/1.1.0'");
    expect(files['tables.ts']).toContain("deprecatedUntil: '2027-01-31'");
    expect(files['tables.ts']).toContain("'granary:event/repository/removed/1.1.0': [{ pointer: '/reason', sensitivity: 'pii' }]");
    const data = { ...(example['data'] as object), reason: 'moved away' };
    const strict = load(files['validators-strict.js'] ?? '');
    const tolerant = load(files['validators-tolerant.js'] ?? '');
    const verdicts = (form: Record<string, Validate>): unknown[] => ['1.0.0', '1.1.0'].map((version) => form[`granary:event/repository/removed/${version}`]?.(data));
    expect([verdicts(strict), verdicts(tolerant)]).toEqual([[false, true], [true, true]]);
  });

  test('refuse a keyword that is misspelt or means nothing', async () => {
    const misspelt = withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, additionalPropertys: false } });
    await expect(generatedFiles(misspelt)).rejects.toThrow('granary:event/repository/removed/1.0.0: strict mode: unknown keyword: "additionalPropertys"');
    const odd = withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, 'x-sensitivity': 'rather' } });
    await expect(generatedFiles(odd)).rejects.toThrow('x-sensitivity');
    const misplaced = withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, 'x-permission': 'repository:read' } });
    await expect(generatedFiles(misplaced)).rejects.toThrow('granary:event/repository/removed/1.0.0: strict mode: unknown keyword: "x-permission"');
  });

  test('tell which permission an operation needs, and where its request names the repository', () => {
    expect(files['tables.ts']).toContain(`RPC_PERMISSIONS: { readonly [O in RpcOperation]: RpcPermission } = {
  'harvester.job.cancel': { permission: 'job:cancel', repository: '/jobId' },
  'normalizer.held.list': { permission: 'held:read', repository: null },
}`);
    expect(files['tables.ts']).toMatch(/'harvester\.job\.cancel': \{[^}]*callerInSubject: true,/);
    expect(files['types.ts']).toMatch(/export type Permission =\s+\| 'repository:read'/);
    expect(files['validators-strict.js']).not.toContain('x-permission');
  });

  test('refuse two schemas that would become one type', async () => {
    const twin = withFiles({ 'shapes/job-.schema.json': { $schema: META, $id: 'granary:shape/job-', type: 'object' } });
    await expect(generatedFiles(twin)).rejects.toThrow('two schemas would both become the type Job; rename one of them');
  });
});

test('staleness names each file and why', () => {
  expect(staleness({ a: '1', b: '2', c: '3' }, { a: '1', b: 'two', d: '4' })).toEqual(['src/generated/b is stale', 'src/generated/c is missing', 'src/generated/d is no longer generated']);
});

describe('what is wrong in contracts/ is said with its file', () => {
  test('nothing is wrong', () => {
    expect(problemsOf(all)).toEqual([]);
    expect(problemsOf(sources)).toEqual([]);
  });

  test('text that is no JSON', () => {
    expect(problemsOf({ ...sources, 'shapes/job.example.json': '{' })).toEqual([expect.stringMatching(/^shapes\/job\.example\.json: is not JSON: ./)]);
  });

  test.each<[string, Sources, string[]]>([
    ['no object', withFiles({ 'shapes/job.example.json': [] }), ['shapes/job.example.json: must be a JSON object']],
    ['a file in no known place', withFiles({ 'events/harvest/done.json': {} }), ['events/harvest/done.json: is not where a contract stands; see contracts/README.md for the folders and names']],
    ['no semantic version', withFiles({ 'events/repository/removed/1.1.schema.json': { ...removed, $id: 'granary:event/repository/removed/1.1' } }), ['events/repository/removed/1.1.schema.json: 1.1 is not a semantic version; name the file such as 1.0.0.schema.json']],
    ['another $id', withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, $id: 'granary:event/repository/gone/1.0.0' } }), ['events/repository/removed/1.0.0.schema.json: its $id must be granary:event/repository/removed/1.0.0, as its folder says']],
    ['another dialect', withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, $schema: 'http://json-schema.org/draft-07/schema#' } }), [`events/repository/removed/1.0.0.schema.json: its $schema must be ${META}`]],
    ['an end without deprecation', withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, 'x-deprecated-until': '2027-01-31' } }), ['events/repository/removed/1.0.0.schema.json: x-deprecated-until is set; set deprecated to true as well']],
    ['a reference to nothing', withFiles({ 'events/repository/removed/1.0.0.schema.json': { ...removed, $ref: 'granary:shape/gone' } }), ['events/repository/removed/1.0.0.schema.json: refers to granary:shape/gone, which does not exist']],
    ['no example', without('events/repository/removed/1.0.0.example.json'), ['events/repository/removed/1.0.0.example.json: is missing; every version has an example']],
    ['an example of nothing', withFiles({ 'events/repository/removed/2.0.0.example.json': example }), ['events/repository/removed/2.0.0.example.json: is the example of no schema']],
    ['half an operation', without('rpc/held/list/1.0.0.response.schema.json'), [
      'access/normalizer.json: names the operation normalizer.held.list, which has no schema or is served by nobody',
      'access/operator.json: names the operation normalizer.held.list, which has no schema or is served by nobody',
      'rpc/held/list/1.0.0.example.json: is the example of no schema',
      'rpc/held/list/1.0.0.request.schema.json: has no rpc/held/list/1.0.0.response.schema.json beside it',
    ]],
    ['another identity', withAccess('gateway', { identity: 'registry' }), ['access/gateway.json: its identity must be gateway, as its name says']],
    ['unknown events', withAccess('gateway', { produces: ['auth.granted.v1'], consumes: [{ consumer: 'gateway', types: ['auth.asked.v1'] }] }), ['access/gateway.json: names the event auth.asked.v1, which has no schema', 'access/gateway.json: names the event auth.granted.v1, which has no schema']],
    ['two owners', withAccess('gateway', { produces: ['repository.removed.v1'] }), ['repository.removed.v1: produced by gateway and harvester; an event has one owner']],
    ['no owner', withAccess('harvester', { produces: [] }), ['repository.removed.v1: nobody produces it; add it to one access document']],
    ['nobody serves', withAccess('harvester', { serves: [] }), ['rpc harvester.job.cancel: nobody serves it; add it to one access document']],
    ['nobody serves a protocol', withFiles({ 'rpc/ping/send/1.0.0.request.schema.json': { $schema: META, $id: 'granary:rpc/ping/send/1.0.0/request', 'x-permission': 'none' }, 'rpc/ping/send/1.0.0.response.schema.json': { $schema: META, $id: 'granary:rpc/ping/send/1.0.0/response' }, 'rpc/ping/send/1.0.0.example.json': {} }), ['rpc ping.send: nobody serves it; add it to one access document']],
    ['served for somebody else', withAccess('gateway', { serves: ['harvester.job.cancel'] }), ['access/gateway.json: serves harvester.job.cancel, which begins with another identity']],
    ['planned, and called already', withAccess('harvester', { serves: [], plans: ['harvester.job.cancel'] }), ['access/normalizer.json: calls harvester.job.cancel, which is only planned; call it when it is served']],
    ['planned and served', withFiles({ 'access/harvester.json': { ...parsed('access/harvester.json'), plans: ['harvester.job.cancel'] }, 'access/normalizer.json': { ...parsed('access/normalizer.json'), calls: [] } }), ['access/harvester.json: both serves and plans harvester.job.cancel; it is served, so take it out of plans']],
    ['planned without a contract', withAccess('harvester', { plans: ['harvester.job.pause'] }), ['access/harvester.json: names the operation harvester.job.pause, which has no schema or is served by nobody']],
    ['no permission', withRequest({ 'x-permission': null }), [`${CANCEL}: has no x-permission; name the permission that a call needs, \`any\` for a valid token, \`service\` for one of a service, or \`none\``]],
    ['an unknown permission', withRequest({ 'x-permission': 'job:stop' }), [`${CANCEL}: its x-permission is not in shapes/permission.schema.json; correct it, or add it there`]],
    ['a repository in a field that is not there', withRequest({ 'x-repository': '/repository' }), [`${CANCEL}: its x-repository must be a JSON pointer to a field of the request, such as /repository, or \`*\``]],
    ['a repository that is no pointer', withRequest({ 'x-repository': 'jobId' }), [`${CANCEL}: its x-repository must be a JSON pointer to a field of the request, such as /repository, or \`*\``]],
  ])('%s', (_, changed, expected) => {
    expect(problemsOf(changed)).toEqual(expected);
  });
});
