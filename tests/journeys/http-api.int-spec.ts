// The HTTP API of a whole platform: what it answers to whom. Every answer is compared with the document that it serves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RPC_PERMISSIONS, isRpcOperation, rpcExamples, type RpcOperation } from '@granary/contracts';
import { ROLES, roleHas, type Role } from '@granary/security';
import { openApiChecker, temporaryFolder, temporaryRepository, waitFor, type OpenApiDocument, type TemporaryFolder, type TemporaryRepository } from '@granary/testing';
import { granaryIn, type Running } from '../support/granary.ts';

interface Asked {
  readonly by?: string | null;
  readonly query?: Record<string, string>;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Whatever the document says; it was compared with that. */
  readonly body: Body;
}

interface Body {
  readonly code?: string;
  readonly errors?: { readonly pointer: string }[];
  readonly repositories?: { readonly repositoryId: string }[];
  readonly jobs?: { readonly jobId: string }[];
  readonly findings?: { readonly finding: { readonly id: string } }[];
  readonly events?: { readonly event: { readonly id: string }; readonly position: { readonly sequence: number } }[];
  readonly principals?: { readonly principalId: string }[];
  readonly keys?: { readonly keyId: string }[];
  readonly refreshToken?: string;
  readonly accessToken?: string;
  readonly key?: string;
}

const HOSTILE = '<img src=x onerror=alert(1)>';
// Made of pieces, so that this repository holds none.
const TOKEN_OF_A_TEST = ['sk', 'ant', 'api03', `${'Vq7Zt3Kx9Rb2Lm5Nc8Ws1Yd4Hg6Jf0PaTeUiOr'.repeat(2)}Qz4xW7kB1nD9sF`, 'AA'].join('-');

let data: TemporaryFolder;
let repository: TemporaryRepository;
let up: Running;
let url: string;
let document: OpenApiDocument;
let first: { adminPassword: string; key: string; platformKey: string };
let differences: Awaited<ReturnType<typeof openApiChecker>>;
const wrong: string[] = [];

beforeAll(async () => {
  data = temporaryFolder();
  repository = await temporaryRepository({ 'package.json': JSON.stringify({ name: 'shop', main: './src/index.ts' }), 'src/index.ts': `import './${HOSTILE.replaceAll('/', '')}';\nimport { a } from './a';\nexport const b = a;\n`, 'src/a.ts': `export const a = 1;\nexport const key = '${TOKEN_OF_A_TEST}';\n` });
  process.env['GRANARY_GATEWAY_RATE'] = '0';
  process.env['GRANARY_GATEWAY_PUBLIC_RATE'] = '0';
  process.env['GRANARY_GATEWAY_PORT'] = '0';
  up = granaryIn(data.path).start('up', repository.path, '--json');
  await waitFor(() => up.process.exitCode !== null || up.stdout().trim().endsWith('}'), { timeoutMs: 90_000, what: 'the result' });
  if (up.process.exitCode !== null) throw new Error(`granary up ended early: ${up.printed()}`);
  const platform = JSON.parse(readFileSync(join(data.path, 'platform.json'), 'utf8')) as { auth: typeof first; services: Record<string, { url: string }> };
  url = platform.services['gateway']?.url ?? '';
  first = platform.auth;
  document = (await (await fetch(`${url}/v1/openapi.json`)).json()) as OpenApiDocument;
  differences = await openApiChecker(document);
}, 120_000);
afterAll(async () => {
  up?.process.kill('SIGINT');
  await up?.finished;
  repository?.remove();
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
  // Nothing that is stored is ever a page, whatever it looks like.
  if (response.headers.get('x-content-type-options') !== 'nosniff' || !response.headers.get('content-security-policy')?.startsWith("default-src 'none'") || /html/.test(contentType ?? '')) wrong.push(`${method} ${path} may be taken for a page`);
  return { status: response.status, headers: response.headers, text, body: (text === '' ? {} : JSON.parse(text)) as Body };
}

const statuses = async (asked: Promise<Answer>[]): Promise<number[]> => (await Promise.all(asked)).map(({ status }) => status);

/** The calls of the document, each with what its contract's example asks. */
function calls(): { method: string; path: string; operation: RpcOperation; isPublic: boolean; asked: Asked; values: Record<string, string> }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { 'x-granary-operation': operation, security, parameters = [], requestBody }]) => {
      if (operation === undefined || !isRpcOperation(operation)) return [];
      const example = rpcExamples[operation].request as Record<string, unknown>;
      const taken = (place: string) => parameters.filter((parameter) => parameter.in === place && parameter.name in example).map(({ name }) => [name, String(example[name])] as const);
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
  ])).toEqual([304, 200, 409, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 202, 202]);
});

it('lets people log in, go on and log out', async () => {
  const session = await ask('POST', '/v1/sessions', {}, { by: null, body: { tenant: 'default', name: 'admin', password: first.adminPassword } });
  expect(session.status).toBe(201);
  const refreshed = await ask('POST', '/v1/sessions/refresh', {}, { by: null, body: { refreshToken: session.body.refreshToken } });
  const by = refreshed.body.accessToken ?? '';
  expect(await statuses([ask('GET', '/v1/me', {}, { by }), ask('GET', '/v1/sessions', {}, { by }), ask('GET', '/v1/me', {}, { by: `${by}x` })])).toEqual([200, 200, 401]);
  expect((await ask('DELETE', '/v1/sessions/current', {}, { by })).status).toBe(200);
  await waitFor(async () => (await ask('GET', '/v1/me', {}, { by })).status === 401, { timeoutMs: 20_000, what: 'the gateway to hear that the session has ended' });
  expect(await statuses([ask('POST', '/v1/sessions', {}, { by: null, body: { tenant: 'default', name: 'admin', password: 'not the password' } })])).toEqual([401]);
});

/** An access token of a person. */
const logIn = async (tenant: string, name: string, password: string): Promise<string> => (await ask('POST', '/v1/sessions', {}, { by: null, body: { tenant, name, password } })).body.accessToken ?? '';

it('lets nobody do more than their role', async () => {
  const keys = new Map<Role | 'nothing', string>();
  const owner = await logIn('default', 'admin', first.adminPassword);
  for (const role of [...ROLES, 'nothing'] as const) {
    const grants = role === 'nothing' ? [] : [{ role, repositories: 'all' }];
    expect((await ask('POST', '/v1/principals', {}, { by: owner, body: { kind: 'service-account', name: `robot-${role}`, grants } })).status).toBe(201);
    keys.set(role, (await ask('POST', '/v1/keys', {}, { by: owner, body: { principal: `robot-${role}`, name: 'walk' } })).body.key ?? '');
  }
  const differing: string[] = [];
  const guarded = calls().filter(({ isPublic }) => !isPublic);
  for (const { method, path, operation, asked, values } of guarded) {
    const { permission } = RPC_PERMISSIONS[operation];
    if ((await ask(method, path, values, { ...asked, by: null })).status !== 401) differing.push(`${method} ${path} answers nobody in particular`);
    // Where any token is enough to ask, the service looks whose it is.
    if (permission === 'any' || permission === 'none' || permission === 'service') continue;
    for (const [role, by] of keys) {
      const { status, body } = await ask(method, path, values, { ...asked, by });
      const mayAsk = role !== 'nothing' && roleHas(role, permission) && permission !== 'tenant:write';
      if (mayAsk === (status === 403 && body.code === 'permission-missing')) differing.push(`${role} ${method} ${path} ${status} ${body.code}`);
    }
  }
  expect(differing).toEqual([]);
  expect(guarded.length).toBeGreaterThan(60);
});

it('finds nothing of another tenant, whoever asks', async () => {
  const repositoryId = (await ask('GET', '/v1/repositories')).body.repositories?.[0]?.repositoryId ?? '';
  const finding = (await ask('GET', '/v1/findings')).body.findings?.[0]?.finding.id ?? '';
  const jobId = (await ask('GET', '/v1/jobs')).body.jobs?.[0]?.jobId ?? '';
  const eventId = (await ask('GET', '/v1/events', {}, { query: { key: repositoryId } })).body.events?.[0]?.event.id ?? '';
  const principal = (await ask('GET', '/v1/principals')).body.principals?.[0]?.principalId ?? '';
  const id = (await ask('GET', '/v1/keys')).body.keys?.[0]?.keyId ?? '';
  const password = 'four words of umbra';
  expect((await ask('POST', '/v1/tenants', {}, { by: first.platformKey, body: { tenant: 'umbra', name: 'Umbra', administrator: { name: 'root', password } } })).status).toBe(201);
  const by = await logIn('umbra', 'root', password);
  const own = { repository: repositoryId };
  expect(await statuses([
    ask('DELETE', '/v1/repositories/{repository}', own, { by }),
    ask('POST', '/v1/repositories/{repository}/harvests', own, { by }),
    ask('GET', '/v1/repositories/{repository}/graph', own, { by }),
    ask('GET', '/v1/repositories/{repository}/posture', own, { by }),
    ask('GET', '/v1/jobs/{jobId}', { jobId }, { by }),
    ask('POST', '/v1/jobs/{jobId}/cancel', { jobId }, { by }),
    ask('POST', '/v1/repositories/{repository}/findings/{findingId}/allow', { ...own, findingId: finding }, { by, body: { reason: 'mine now' } }),
    ask('GET', '/v1/events/{eventId}', { eventId }, { by }),
    ask('GET', '/v1/principals/{principal}', { principal }, { by }),
    ask('POST', '/v1/principals/{principal}/disable', { principal }, { by }),
    ask('PUT', '/v1/principals/{principal}/grants', { principal }, { by, body: { grants: [] }, headers: { 'if-match': '"v1"' } }),
    ask('DELETE', '/v1/keys/{id}', { id }, { by }),
  ])).toEqual(Array.from({ length: 12 }, () => 404));
  const lists = await Promise.all(['/v1/repositories', '/v1/jobs', '/v1/findings'].map((path) => ask('GET', path, {}, { by })));
  expect(lists.map(({ text }) => /\[\]/.test(text))).toEqual([true, true, true]);
  const events = await ask('GET', '/v1/events', {}, { by, query: { limit: '500' } });
  expect(events.text).not.toContain(repositoryId);
  expect((await ask('GET', '/v1/events', {}, { by, query: { tenant: 'default' } })).body.errors).toEqual([expect.objectContaining({ pointer: '/tenant' })]);
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

it('sets nothing that is not offered, and does what the method says whatever headers say', async () => {
  const before = (await ask('GET', '/v1/me')).text;
  const add = (more: object) => ask('POST', '/v1/principals', {}, { body: { kind: 'service-account', name: 'plain', ...more } });
  const refused = await Promise.all([{ tenant: 'umbra' }, { principalId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4' }, { state: 'active' }, { version: 9 }, { constructor: { prototype: { admin: true } } }].map(add));
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  expect((await ask('POST', '/v1/repositories', {}, { body: { location: repository.path } })).body.code).toBe('location-refused');
  expect((await ask('POST', '/v1/repositories', {}, { body: { location: 'http://169.254.169.254/latest/meta-data' } })).body.code).toBe('location-refused');
  const tampered = ['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) => ask('GET', '/v1/repositories', {}, { headers: { [name]: 'DELETE', 'x-original-url': '/v1/tenants', 'x-forwarded-for': '10.0.0.1' } }));
  expect(await statuses(tampered)).toEqual([200, 200, 200]);
  expect((await ask('GET', '/v1/me')).text.replaceAll(/"expiresAt":"[^"]*"/g, '')).toBe(before.replaceAll(/"expiresAt":"[^"]*"/g, ''));
});
