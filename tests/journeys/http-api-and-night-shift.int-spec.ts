// The HTTP API of a whole platform: what it answers to whom. Every answer is compared with the document that it serves.
// Then the same platform has a night of troubles: to start one takes longer than most of what is asked of it.
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { RPC_PERMISSIONS, isRpcOperation, rpcExamples, type RpcOperation } from '@granary/contracts';
import { isOfThePlatform, ROLES, roleHas, type Role } from '@granary/security';
import { openApiChecker, temporaryFolder, temporaryRepository, waitFor, type OpenApiDocument, type TemporaryFolder, type TemporaryRepository } from '@granary/testing';
import { canaries, canary, findCanaries, isKept, leakEverywhere, leakOverNats, readSinks, supportBundle, type Brokers } from '../support/canaries.ts';
import { startCollector, type Collector } from '../support/collector.ts';
import type { Answer, Asked } from '../support/asked.ts';
import { granaryIn, type Running } from '../support/granary.ts';
import { firstOf } from '../support/first-of.ts';
import { expectLinesOfTrace, expectOneTrace } from '../support/one-trace.ts';
import { expectSmallPages } from '../support/small-pages.ts';
import { nightShift } from './parts/night-shift.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const HOSTILE_BRANCH = 'main"><svg/onload=alert(1)>';
// Made of pieces, so that this repository holds none.
const TOKEN_OF_A_TEST = ['sk', 'ant', 'api03', `${'Vq7Zt3Kx9Rb2Lm5Nc8Ws1Yd4Hg6Jf0PaTeUiOr'.repeat(2)}Qz4xW7kB1nD9sF`, 'AA'].join('-');

let data: TemporaryFolder;
let repository: TemporaryRepository;
let hostileFolder: string;
let up: Running;
let collector: Collector;
let platform: Brokers & { auth: typeof first; services: Record<string, { url: string }>; database: { url: string } };
let url: string;
let document: OpenApiDocument;
let first: { adminPassword: string; key: string; platformKey: string };
let differences: Awaited<ReturnType<typeof openApiChecker>>;
const wrong: string[] = [];
/** Method, path and status of everything that was answered. */
const answered = new Set<string>();

beforeAll(async () => {
  data = temporaryFolder();
  repository = await temporaryRepository({ 'package.json': JSON.stringify({ name: 'shop', main: './src/index.ts', dependencies: { inner: `git+https://ada:${canary('a dependency of package.json')}@git.example/inner.git` } }), 'src/index.ts': `import './${HOSTILE}';\nimport { a } from './a';\nexport const b = a;\n`, 'src/a.ts': 'export const a = 1;\n', [`src/${HOSTILE}.ts`]: `export const key = '${TOKEN_OF_A_TEST}';\n` });
  canaries.set('the content of a file', TOKEN_OF_A_TEST);
  await repository.git('commit', '--allow-empty', '--message', `use password=${canary('the message of a commit')}`);
  await repository.git('branch', '--move', HOSTILE_BRANCH);
  hostileFolder = join(data.path, HOSTILE);
  renameSync(repository.path, hostileFolder);
  collector = await startCollector();
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
  process.env['OTEL_EXPORTER_OTLP_HEADERS'] = `x-collector-auth=${canary('environment')}`;
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '300';
  // What is logged at all is logged.
  process.env['GRANARY_LOG_LEVEL'] = 'debug';
  Object.assign(process.env, { GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_GATEWAY_PORT: '0', GRANARY_METRICS_KEEP: '200ms', GRANARY_TALLY_EVERY: '4s', GRANARY_HARVESTER_PATHS: hostileFolder });
  up = granaryIn(data.path).start('up', hostileFolder, '--json');
  await waitFor(() => up.process.exitCode !== null || up.stdout().trim().endsWith('}'), { timeoutMs: 90_000, what: 'the result' });
  if (up.process.exitCode !== null) throw new Error(`granary up ended early: ${up.printed()}`);
  platform = JSON.parse(readFileSync(join(data.path, 'platform.json'), 'utf8')) as typeof platform;
  url = platform.services['gateway']?.url ?? '';
  first = platform.auth;
  document = (await (await fetch(`${url}/v1/openapi.json`)).json()) as OpenApiDocument;
  differences = await openApiChecker(document);
}, 120_000);
afterAll(async () => {
  up?.process.kill('SIGINT');
  await up?.finished;
  await collector?.close();
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_BSP_SCHEDULE_DELAY', 'GRANARY_LOG_LEVEL']) delete process.env[name];
  data?.remove();
});
afterEach(() => expect(wrong.splice(0)).toEqual([]));

/** Asks as a key or token says, by default as the local operator. */
async function ask(method: string, path: string, values: Record<string, string> = {}, { by = first.key, query = {}, body, headers = {} }: Asked = {}): Promise<Answer> {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${url}${filled}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: { ...(by !== null && { authorization: `Bearer ${by}` }), ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get('content-type');
  wrong.push(...differences({ method, path, status: response.status, contentType, text }));
  answered.add(`${method} ${path} ${response.status}`);
  // Nothing that is stored is ever a page, whatever it looks like.
  if (response.headers.get('x-content-type-options') !== 'nosniff' || !response.headers.get('content-security-policy')?.startsWith("default-src 'none'") || /html/.test(contentType ?? '')) wrong.push(`${method} ${path} may be taken for a page`);
  return { status: response.status, headers: response.headers, text, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
}

/** The only repository. */
const theRepository = async (): Promise<string> => (await ask('GET', '/v1/repositories')).body.repositories?.[0]?.repositoryId ?? '';

/** The digest of an artifact that an event of a type names. */
async function artifactOf(type: string, field: string): Promise<string> {
  const [{ event } = {}] = (await ask('GET', '/v1/events', {}, { query: { types: type, limit: '1' } })).body.events ?? [];
  return (event as { data?: Record<string, { digest?: string }> } | undefined)?.data?.[field]?.digest ?? '';
}

/** Hands in an event as another program does. */
const publish = (event: object): Promise<Answer> => ask('POST', '/v1/events', {}, { body: event, headers: { 'content-type': 'application/cloudevents+json' } });

const statuses = async (asked: Promise<Answer>[]): Promise<number[]> => (await Promise.all(asked)).map(({ status }) => status);

/** The calls of the document, each with what its contract's example asks. */
function calls(): { method: string; path: string; operation: RpcOperation; isPublic: boolean; asked: Asked; values: Record<string, string> }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { 'x-granary-operation': operation, security, parameters = [], requestBody }]) => {
      if (operation === undefined || !isRpcOperation(operation)) return [];
      const example = rpcExamples[operation].request as Record<string, unknown>;
      // One of a list is a list, too.
      const taken = (place: string) => parameters.filter((parameter) => parameter.in === place && parameter.name in example).map(({ name }) => [name, String([example[name]].flat()[0])] as const);
      const fields = Object.keys(requestBody?.content['application/json']?.schema.properties ?? {}).filter((name) => name in example);
      const body = fields.length > 0 ? { body: Object.fromEntries(fields.map((name) => [name, example[name]])) } : {};
      const asked: Asked = { query: Object.fromEntries(taken('query').filter(([name]) => !['cursor', 'types', 'kinds'].includes(name))), ...body, headers: parameters.some(({ name }) => name === 'If-Match') ? { 'if-match': '"v1"' } : {} };
      return [{ method: method.toUpperCase(), path, operation, isPublic: security.length === 0, asked, values: { principal: 'nobody-here', sid: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', ...Object.fromEntries(taken('path')) } }];
    }),
  );
}

it('tells of repositories, jobs, graphs, findings and events, page by page', async () => {
  const repositories = await ask('GET', '/v1/repositories');
  const { repositoryId = '' } = repositories.body.repositories?.[0] ?? {};
  const named = { repository: repositoryId };
  const jobs = await ask('GET', '/v1/jobs', {}, { query: { limit: '1' } });
  const job = { jobId: jobs.body.jobs?.[0]?.jobId ?? '' };
  const events = await ask('GET', '/v1/events', {}, { query: { limit: '2', key: repositoryId } });
  const next = /^<(.*)>; rel="next"$/.exec(events.headers.get('link') ?? '')?.[1] ?? '';
  const second = await ask('GET', '/v1/events', {}, { query: Object.fromEntries(new URLSearchParams(next.split('?')[1])) });
  const sequences = [events, second].flatMap(({ body }) => (body.events ?? []).map(({ position }) => position.sequence));
  expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  expect(sequences).toHaveLength(4);
  const etag = (await ask('GET', '/v1/gate')).headers.get('etag') ?? '';
  expect(await statuses([
    ask('GET', '/v1/gate', {}, { headers: { 'if-none-match': etag } }),
    ask('GET', '/v1/jobs/{jobId}', job),
    ask('POST', '/v1/jobs/{jobId}/cancel', job),
    ask('GET', '/v1/events/{eventId}', { eventId: events.body.events?.[0]?.event.id ?? '' }),
    ask('GET', '/v1/log'),
    ask('GET', '/v1/repositories/{repository}/graph', named),
    ask('GET', '/v1/repositories/{repository}/graph/cycles', named),
    ask('GET', '/v1/repositories/{repository}/graph/dependents', named, { query: { target: 'src/a.ts', transitive: 'true' } }),
    ask('GET', '/v1/repositories/{repository}/graph/why', named, { query: { from: 'src/index.ts', to: 'src/a.ts' } }),
    ask('GET', '/v1/repositories/{repository}/posture', named),
    ask('GET', '/v1/graph/search', {}, { query: { query: 'a' } }),
    ask('GET', '/v1/graph/links'),
    ask('GET', '/v1/graph/package-users', {}, { query: { package: 'lodash' } }),
    ask('GET', '/v1/findings'),
    ask('GET', '/v1/gate'),
    ask('GET', '/v1/me'),
    ask('POST', '/v1/repositories/{repository}/harvests', named),
    ask('POST', '/v1/harvests'),
    ask('GET', '/v1/health', {}, { by: null }),
  ])).toEqual([304, 200, 409, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 202, 202, 200]);
});

it('lets people log in, go on and log out', async () => {
  const session = await ask('POST', '/v1/sessions', {}, { by: null, body: { tenant: 'default', name: 'admin', password: first.adminPassword } });
  expect(session.status).toBe(201);
  const refreshed = await ask('POST', '/v1/sessions/refresh', {}, { by: null, body: { refreshToken: session.body.refreshToken } });
  const by = refreshed.body.accessToken ?? '';
  expect(await statuses([ask('GET', '/v1/me', {}, { by }), ask('GET', '/v1/sessions', {}, { by }), ask('GET', '/v1/me', {}, { by: `${by}x` })])).toEqual([200, 200, 401]);
  const tail = await fetch(`${url}/v1/events/tail`, { headers: { authorization: `Bearer ${by}` } });
  expect((await ask('DELETE', '/v1/sessions/current', {}, { by })).status).toBe(200);
  expect(await tail.text()).toContain('event: end\ndata: {"code":"token-revoked"');
  await waitFor(async () => (await ask('GET', '/v1/me', {}, { by })).status === 401, { timeoutMs: 20_000, what: 'the gateway to hear that the session has ended' });
  expect(await statuses([ask('POST', '/v1/sessions', {}, { by: null, body: { tenant: 'default', name: 'admin', password: 'not the password' } })])).toEqual([401]);
});

/** An access token of a person. */
const logIn = async (tenant: string, name: string, password: string): Promise<string> => (await ask('POST', '/v1/sessions', {}, { by: null, body: { tenant, name, password } })).body.accessToken ?? '';

/** The administrator's token; logging in takes a while. */
let owning: Promise<string> | undefined;
const owner = (): Promise<string> => (owning ??= logIn('default', 'admin', first.adminPassword));

it('lets nobody do more than their role', async () => {
  const keys = await robots(await owner());
  const differing: string[] = [];
  const guarded = calls().filter(({ isPublic }) => !isPublic);
  for (const { method, path, operation, asked, values } of guarded) {
    const { permission } = RPC_PERMISSIONS[operation];
    if ((await ask(method, path, values, { ...asked, by: null })).status !== 401) differing.push(`${method} ${path} answers nobody in particular`);
    // Where any token is enough to ask, the service looks whose it is.
    if (permission === 'any' || permission === 'none' || permission === 'service') continue;
    const may = (role: Role) => roleHas(role, permission) && !isOfThePlatform(permission);
    // The least that may and the most that may not: every role is walked where the edge passes calls on to.
    await Promise.all([ROLES.findLast(may), ROLES.find((role) => !may(role)), 'nothing' as const].map(async (role) => {
      if (role === undefined) return;
      const { status, body } = await ask(method, path, values, { ...asked, by: keys.get(role) ?? '' });
      const mayAsk = role !== 'nothing' && may(role);
      if (mayAsk === (status === 403 && body.code === 'permission-missing')) differing.push(`${role} ${method} ${path} ${status} ${body.code}`);
    }));
  }
  expect(differing).toEqual([]);
  expect(guarded.length).toBeGreaterThan(60);
});

/** A service account for each of these roles of a tenant, with a key; `nothing` has none. */
async function robots(by: string, roles: readonly (Role | 'nothing')[] = [...ROLES, 'nothing']): Promise<Map<Role | 'nothing', string>> {
  const keys = new Map<Role | 'nothing', string>();
  for (const role of roles) {
    const grants = role === 'nothing' ? [] : [{ role, repositories: 'all' }];
    expect((await ask('POST', '/v1/principals', {}, { by, body: { kind: 'service-account', name: `robot-${role}`, grants } })).status).toBe(201);
    keys.set(role, (await ask('POST', '/v1/keys', {}, { by, body: { principal: `robot-${role}`, name: 'walk' } })).body.key ?? '');
  }
  return keys;
}

it('finds nothing of another tenant, whatever is asked and whoever asks', async () => {
  const [by, repository] = [await owner(), await theRepository()];
  const keyId = (await ask('GET', '/v1/keys')).body.keys?.[0]?.keyId ?? '';
  const ours: Readonly<Record<string, string>> = {
    repository,
    findingId: (await ask('GET', '/v1/findings')).body.findings?.[0]?.finding.id ?? '',
    jobId: (await ask('GET', '/v1/jobs')).body.jobs?.[0]?.jobId ?? '',
    eventId: (await ask('GET', '/v1/events', {}, { query: { key: repository } })).body.events?.[0]?.event.id ?? '',
    principal: (await ask('GET', '/v1/principals')).body.principals?.[0]?.principalId ?? '',
    sid: (await ask('GET', '/v1/sessions', {}, { by })).body.sessions?.[0]?.sid ?? '',
    digest: await artifactOf('graph.normalized.v1', 'graph'),
  };
  expect([keyId, ...Object.values(ours)].filter((known) => known === '')).toEqual([]);
  const standing = async () => (await Promise.all(['/v1/repositories', '/v1/jobs', '/v1/findings', '/v1/principals', '/v1/gate', '/v1/sessions', '/v1/keys'].map((path) => ask('GET', path, {}, { by })))).map(({ text }) => text.replaceAll(/"last(?:Used|Seen|Polled)At":[^,}]*/g, ''));
  const before = await standing();

  const password = 'four words of umbra';
  expect((await ask('POST', '/v1/tenants', {}, { by: first.platformKey, body: { tenant: 'umbra', name: 'Umbra', administrator: { name: 'root', password } } })).status).toBe(201);
  // One that may do everything, and one that may do little.
  const strangers = await robots(await logIn('umbra', 'root', password), ['owner', 'reader']);
  const differing: string[] = [];
  for (const { method, path, isPublic, asked, values } of calls()) {
    if (isPublic) continue;
    // Refused announcements have numbers, and there are none of them.
    const known: Readonly<Record<string, string>> = path.startsWith('/v1/keys') ? { ...ours, id: keyId } : ours;
    // The examples were written before today.
    const named = (fields: Readonly<Record<string, unknown>> = {}) => Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (name === 'expiresAt' ? [] : [[name, known[name] ?? value]])));
    const about = { ...asked, query: named(asked.query) as Record<string, string>, ...(asked.body && { body: named(asked.body as Record<string, unknown>) }) };
    // A list that is narrowed to something of ours, and what is about something of ours alone.
    const isAbout = Object.keys(known).some((name) => path.includes(`{${name}}`) || name in (asked.body ?? {}));
    await Promise.all([...strangers].map(async ([role, stranger]) => {
      const { status, text } = await ask(method, path, { ...values, ...known }, { ...about, by: stranger });
      const told = status < 400 && [keyId, ...Object.values(ours)].some((one) => text.includes(one));
      if (told || (isAbout && status !== 403 && status !== 404)) differing.push(`${role} of another tenant: ${method} ${path} ${status} ${text.slice(0, 200)}`);
    }));
  }
  expect(differing).toEqual([]);
  expect(await standing()).toEqual(before);
  const root = strangers.get('owner') as string;
  expect((await ask('GET', '/v1/events', {}, { by: root, query: { tenant: 'default' } })).body.errors).toEqual([expect.objectContaining({ pointer: '/tenant' })]);
});

it('takes hostile texts for texts, wherever they stand', async () => {
  const hostile = [`' or '1'='1'; drop table jobs; -- ${HOSTILE}`, '../../../../etc/passwd', 'rpc.*.>\r\nGranary-Tenant: umbra', '\u0000${7*7}'];
  const bad: string[] = [];
  for (const { method, path, isPublic, asked, values } of calls()) {
    if (isPublic) continue;
    for (const text of hostile) {
      const places = [...Object.keys(values).filter((name) => path.includes(`{${name}}`)).map((name) => ({ values: { ...values, [name]: text }, asked })), ...Object.keys(asked.query ?? {}).map((name) => ({ values, asked: { ...asked, query: { ...asked.query, [name]: text } } }))];
      const answers = await Promise.all(places.map((place) => ask(method, path, place.values, place.asked)));
      bad.push(...answers.filter(({ status, body }) => status >= 500 && body.code !== 'remote-unreachable').map(({ status, text: said }) => `${method} ${path} ${text} ${status} ${said}`));
    }
  }
  expect(bad).toEqual([]);
  const search = await ask('GET', '/v1/graph/search', {}, { query: { query: '<img' } });
  expect(search.status).toBe(200);
});

it('shows what somebody wrote as text, and as what they wrote', async () => {
  const [{ finding: { id: findingId = '' } = {} } = {}] = (await ask('GET', '/v1/findings')).body.findings ?? [];
  const named = { repository: await theRepository() };
  expect(await statuses([
    ask('POST', '/v1/repositories/{repository}/findings/{findingId}/allow', { ...named, findingId }, { body: { reason: HOSTILE } }),
    ask('POST', '/v1/keys', {}, { body: { name: HOSTILE } }),
    ask('POST', '/v1/tenants', {}, { by: first.platformKey, body: { tenant: 'penumbra', name: HOSTILE, administrator: { name: 'root', password: 'four words of penumbra' } } }),
    // Names and branches that no page could take for anything are all that is taken.
    ask('POST', '/v1/principals', {}, { body: { kind: 'service-account', name: HOSTILE } }),
    ask('POST', '/v1/repositories', {}, { body: { location: 'https://git.example/r', name: HOSTILE } }),
    publish({ specversion: '1.0', id: randomUUID(), source: 'urn:agents:local-operator', type: 'error.occurred.v1', partitionkey: 'hostile', data: { errorId: 'e', component: 'c', severity: 'error', code: 'c', message: HOSTILE, retryable: false } }),
  ])).toEqual([200, 201, 201, 400, 422, 202]);
  await waitFor(async () => (await ask('GET', '/v1/events', {}, { query: { key: 'hostile' } })).text.includes(HOSTILE), { what: 'the event to be logged' });

  const shown = {
    'its folder': ask('GET', '/v1/repositories'),
    'its branch': ask('GET', '/v1/events', {}, { query: { types: 'harvest.completed.v1' } }),
    'a module': ask('GET', '/v1/graph/search', {}, { query: { query: 'onerror' } }),
    'a path and a reason': ask('GET', '/v1/findings', {}, { query: { state: 'allowed' } }),
    'a key': ask('GET', '/v1/keys'),
    'a tenant': ask('GET', '/v1/tenants', {}, { by: first.platformKey }),
    'an event': ask('GET', '/v1/events', {}, { query: { key: 'hostile' } }),
  };
  // As JSON writes it, and not as something that somebody made of it.
  const texts = await Promise.all(Object.entries(shown).map(async ([what, asked]) => [what, (await asked).text.includes(JSON.stringify(what === 'its branch' ? HOSTILE_BRANCH : HOSTILE).slice(1, -1))]));
  expect(texts).toEqual(Object.keys(shown).map((what) => [what, true]));
  expect(await statuses([ask('GET', '/v1/graph/search', {}, { query: { query: HOSTILE }, headers: { accept: 'text/html' } }), ask('GET', '/v1/repositories', {}, { query: { [HOSTILE]: HOSTILE } })])).toEqual([406, 400]);
});

it('streams it as text, too, and has no page that shows it', async () => {
  const opened = await fetch(`${url}/v1/events/tail?key=hostile&after=0:0`, { headers: { authorization: `Bearer ${first.key}` } });
  const frames = await firstOf(opened, (text) => text.includes('event: error.occurred.v1') && text.endsWith('\n\n'));
  expect([opened.headers.get('content-type'), opened.headers.get('x-content-type-options'), opened.headers.get('content-security-policy')?.split(';')[0]]).toEqual(['text/event-stream; charset=utf-8', 'nosniff', "default-src 'none'"]);
  const [line = ''] = /^data: .*error\.occurred.*$/m.exec(frames) ?? [];
  expect((JSON.parse(line.slice(6)) as { data: { message: string } }).data.message).toBe(HOSTILE);
  const pages = await Promise.all([`/docs?url=javascript:alert(1)&q=${encodeURIComponent(HOSTILE)}`, `/docs/${encodeURIComponent(HOSTILE)}`, `/${encodeURIComponent(HOSTILE)}`, '/docs/../v1/openapi.json'].map((path) => fetch(url + path)));
  for (const page of pages) {
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';(?!.*unsafe)/);
    expect(await page.text()).not.toContain(HOSTILE);
  }
  // What the contracts say is shown by the page as Markdown, in which angle brackets would begin something.
  expect(JSON.stringify(document).replaceAll(/`[^`]*`/g, '')).not.toMatch(/<[a-z!/]/i);
});

it('keeps those who may see some repositories from the others, and from guessing that there are any', async () => {
  const by = await owner();
  const repository = await theRepository();
  const keyFor = async (name: string, repositories: string[]): Promise<string> => {
    expect((await ask('POST', '/v1/principals', {}, { by, body: { kind: 'service-account', name, grants: [{ role: 'admin', repositories }] } })).status).toBe(201);
    return (await ask('POST', '/v1/keys', {}, { by, body: { principal: name, name: 'walk' } })).body.key ?? '';
  };
  const [own, other] = [await keyFor('on-this-one', [repository]), await keyFor('on-another-one', ['01976c2e-8a00-7b3c-9d4e-5f60718293a4'])];
  const jobId = (await ask('GET', '/v1/jobs')).body.jobs?.[0]?.jobId ?? '';
  const findingId = (await ask('GET', '/v1/findings', {}, { query: { state: 'allowed' } })).body.findings?.[0]?.finding.id ?? '';
  const eventId = (await ask('GET', '/v1/events', {}, { query: { key: repository } })).body.events?.[0]?.event.id ?? '';
  const [graph, facts] = [await artifactOf('graph.normalized.v1', 'graph'), await artifactOf('harvest.completed.v1', 'facts')];

  const reads = (by: string) => [
    ask('GET', '/v1/repositories/{repository}/graph', { repository }, { by }),
    ask('GET', '/v1/repositories/{repository}/graph/cycles', { repository }, { by }),
    ask('GET', '/v1/repositories/{repository}/graph/dependents', { repository }, { by, query: { target: 'src/a.ts' } }),
    ask('GET', '/v1/repositories/{repository}/posture', { repository }, { by }),
    ask('GET', '/v1/jobs/{jobId}', { jobId }, { by }),
    ask('GET', '/v1/jobs', {}, { by, query: { repository } }),
    ask('GET', '/v1/findings', {}, { by, query: { repository } }),
    ask('GET', '/v1/graph/artifacts/{digest}', { digest: graph }, { by, query: { offset: '0' } }),
    ask('GET', '/v1/harvests/artifacts/{digest}', { digest: facts }, { by, query: { offset: '0' } }),
    ask('GET', '/v1/events/{eventId}', { eventId }, { by }),
  ];
  expect(await statuses(reads(own))).toEqual(reads(own).map(() => 200));
  const refused = await Promise.all(reads(other));
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 404));
  expect(await statuses([
    ask('DELETE', '/v1/repositories/{repository}', { repository }, { by: other }),
    ask('POST', '/v1/repositories/{repository}/harvests', { repository }, { by: other }),
    ask('POST', '/v1/jobs/{jobId}/cancel', { jobId }, { by: other }),
    ask('POST', '/v1/repositories/{repository}/findings/{findingId}/allow', { repository, findingId }, { by: other, body: { reason: 'mine now' } }),
    ask('POST', '/v1/repositories/{repository}/findings/{findingId}/revoke', { repository, findingId }, { by: other, body: { reason: 'mine now' } }),
  ])).toEqual([404, 404, 404, 404, 404]);
  const lists = ['/v1/repositories', '/v1/jobs', '/v1/findings', '/v1/events'];
  const listed = async (by: string) => (await Promise.all(lists.map((path) => ask('GET', path, {}, { by })))).map(({ text }) => text.includes(repository));
  expect([await listed(own), await listed(other)]).toEqual([[true, true, true, true], [false, false, false, false]]);
  // What is the tenant's as a whole is nobody's who has some repositories only.
  const whole = [['GET', '/v1/principals'], ['GET', '/v1/services/normalizer/held'], ['GET', '/v1/log'], ['POST', '/v1/repositories'], ['PATCH', '/v1/gate']] as const;
  expect(await statuses(whole.map(([method, path]) => ask(method, path, {}, { by: own, ...(method === 'GET' ? {} : { body: path === '/v1/gate' ? { mode: 'warn' } : { location: 'https://git.example/r' } }) })))).toEqual([403, 403, 403, 403, 403]);
});

it('sets nothing that is not offered, and does what the method says whatever headers say', async () => {
  const before = (await ask('GET', '/v1/me')).text;
  const add = (more: object) => ask('POST', '/v1/principals', {}, { body: { kind: 'service-account', name: 'plain', ...more } });
  const refused = await Promise.all([{ tenant: 'umbra' }, { principalId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4' }, { state: 'active' }, { version: 9 }, { constructor: { prototype: { admin: true } } }].map(add));
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  expect((await ask('POST', '/v1/repositories', {}, { body: { location: data.path } })).body.code).toBe('location-refused');
  expect((await ask('POST', '/v1/repositories', {}, { body: { location: 'http://169.254.169.254/latest/meta-data' } })).body.code).toBe('location-refused');
  const tampered = ['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) => ask('GET', '/v1/repositories', {}, { headers: { [name]: 'DELETE', 'x-original-url': '/v1/tenants', 'x-forwarded-for': '10.0.0.1' } }));
  expect(await statuses(tampered)).toEqual([200, 200, 200]);
  expect((await ask('GET', '/v1/me')).text.replaceAll(/"expiresAt":"[^"]*"/g, '')).toBe(before.replaceAll(/"expiresAt":"[^"]*"/g, ''));
});

it('changes what it is asked to change', async () => {
  const by = await owner();
  const [old, fresh] = ['four words of before', 'four words of after'];
  expect((await ask('POST', '/v1/principals', {}, { by, body: { kind: 'person', name: 'pat', password: old, grants: [{ role: 'reader', repositories: 'all' }] } })).status).toBe(201);
  const pat = { principal: 'pat' };
  const etag = (await ask('GET', '/v1/principals/{principal}', pat, { by })).headers.get('etag') ?? '';
  const grant = (ifMatch: string) => ask('PUT', '/v1/principals/{principal}/grants', pat, { by, body: { grants: [{ role: 'operator', repositories: 'all' }] }, headers: { 'if-match': ifMatch } });
  expect([(await grant(etag)).status, (await grant(etag)).status]).toEqual([200, 412]);
  const own = await logIn('default', 'pat', old);
  expect((await ask('PUT', '/v1/me/password', {}, { by: own, body: { old, new: fresh } })).status).toBe(200);
  const sessions = (await ask('GET', '/v1/sessions', {}, { by, query: pat })).body.sessions ?? [];
  const keys = await ask('POST', '/v1/keys', {}, { by, body: { ...pat, name: 'short-lived' } });
  expect(await statuses([
    ask('DELETE', '/v1/sessions/{sid}', { sid: sessions[0]?.sid ?? '' }, { by }),
    ask('DELETE', '/v1/keys/{id}', { id: keys.body.issued?.keyId ?? '' }, { by }),
  ])).toEqual([200, 200]);
  expect(await statuses([ask('PUT', '/v1/principals/{principal}/password', pat, { by, body: { new: old } }), ask('POST', '/v1/principals/{principal}/disable', pat, { by })])).toEqual([200, 200]);
  expect((await ask('POST', '/v1/principals/{principal}/enable', pat, { by })).status).toBe(200);

  const repository = { repository: await theRepository() };
  const [{ finding: { id: findingId = '' } = {} } = {}] = (await ask('GET', '/v1/findings', {}, { query: { state: 'allowed' } })).body.findings ?? [];
  const graph = await ask('GET', '/v1/repositories/{repository}/graph', repository);
  expect(await statuses([
    ask('POST', '/v1/repositories/{repository}/findings/{findingId}/revoke', { ...repository, findingId }, { body: { reason: 'no longer' } }),
    ask('GET', '/v1/repositories/{repository}/graph/impact', repository, { query: { from: graph.body.commit ?? '' } }),
    ask('POST', '/v1/repositories', {}, { body: { location: hostileFolder } }),
  ])).toEqual([200, 200, 200]);
  // A harvest of so little may be over before it is cancelled.
  await waitFor(async () => {
    const { jobId = '' } = (await ask('POST', '/v1/repositories/{repository}/harvests', repository)).body;
    return (await ask('POST', '/v1/jobs/{jobId}/cancel', { jobId })).status === 200;
  }, { what: 'a job to be cancelled' });
  expect((await ask('DELETE', '/v1/repositories/{repository}', repository)).status).toBe(200);
});

it('lets none of the secrets out that are put into it', async () => {
  const answers = new Map([...(await leakEverywhere({ url, services: platform.services, data: data.path, key: first.key })), ...(await leakOverNats(platform))]);
  await waitFor(async () => (await ask('GET', '/v1/events', {}, { query: { key: 'canary' } })).text.includes('no connection to'), { what: 'the event to be logged' });
  const sinks = new Map([...(await readSinks({ data: data.path, services: platform.services, databaseUrl: platform.database.url, repository: hostileFolder })), ...[...answers].map(([entrance, text]) => [`answer to ${entrance}`, text] as const), ['the console', up.printed()] as const, ['the support bundle', await supportBundle(data.path)] as const, ['traces', collector.bodies.join('\n')] as const]);
  const found = findCanaries(sinks);
  expect(found.filter((one) => !isKept(one))).toEqual([]);
  // The search finds what is there.
  expect(found.map(({ entrance }) => entrance)).toContain('an admitted event');
  expect([...sinks.keys()].filter((name) => name.startsWith('file logs/')).length).toBeGreaterThan(8);
  expect(canaries.size).toBeGreaterThan(30);
  expect(sinks.get('the support bundle')).toContain('doctor.txt');
}, 120_000);

it('traces a request through calls, outbox, stream, handlers and the database as one, with the work it belongs to in every line', async () => {
  // What was withheld goes on.
  await ask('PATCH', '/v1/gate', {}, { body: { mode: 'warn' } });
  const traceId = randomUUID().replaceAll('-', '');
  const baggage = 'granary.workspace=w-canary,granary.task=t-canary,granary.agent=a-canary,granary.run=r-canary';
  expect((await ask('POST', '/v1/repositories', {}, { body: { location: hostileFolder }, headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, baggage } })).status).toBeLessThan(300);
  await expectOneTrace(collector, traceId);
  expect(collector.headers.every((headers) => headers['x-collector-auth'] === canaries.get('environment'))).toBe(true);
  // The event carries it on, and what the services logged on the way names it.
  const event = await waitFor(async () => (await ask('GET', '/v1/events', {}, { query: { types: 'graph.normalized.v1', limit: '100' } })).body.events?.map((logged) => logged.event as unknown as Record<string, string>).find(({ traceparent = '' }) => traceparent.includes(traceId)), { what: 'the graph to be logged' });
  expect(event).toMatchObject({ baggage });
  expectLinesOfTrace(data.path, traceId, { workspace_id: 'w-canary', task_id: 't-canary', agent_id: 'a-canary', run_id: 'r-canary', tenant: 'default' });
}, 120_000);

it('has answered every route as it does when all is well', () => {
  const succeeded = (method: string, path: string) => [200, 201, 202].some((status) => answered.has(`${method} ${path} ${status}`));
  // Nothing was held or refused here, and what is asked of proofs, copies and the like has journeys of its own.
  const isOfOthers = /\/(?:outbox|held)\/(?:\{|redrive)/;
  const isAsked = /^(?:auth|harvester|normalizer)\.(?!cache)|^audit\.(?:events|log)\./;
  const without = calls().filter(({ method, path, operation }) => isAsked.test(operation) && !isOfOthers.test(path) && !succeeded(method, path)).map(({ method, path }) => `${method} ${path}`);
  expect(without).toEqual([]);
});

it('measures with few series, none of them named by anybody, and all of them in the reference', () => expectSmallPages(data.path, ['default', 'umbra', 'pat', 'shop', HOSTILE]));

describe('a night shift', () => nightShift(() => data.path));
