import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import type { HostedService } from '@granary/service-host';
import { rpcExamples } from '@granary/contracts';
import { serve } from '@granary/messaging';
import { waitFor } from '@granary/testing';
import { TOKEN_ATTACKS } from '../test/token-attacks';
import { answering, PRINCIPAL, startWorld, type World } from '../test/world';

let world: World;
let gateway: HostedService;
let token: string;
const added: string[] = [];
const held = Promise.withResolvers<void>();
const asked: { operation: string; request: unknown; tenant: string; token: string | null; correlationId: string; traceparent?: string }[] = [];

beforeAll(async () => {
  world = await startWorld();
  await world.serve('harvester', [
    answering('harvester.repository.list', (request, { tenant, token: shown, correlationId, traceparent }) => {
      asked.push({ operation: 'harvester.repository.list', request, tenant, token: shown, correlationId, ...(traceparent !== undefined && { traceparent }) });
      return { repositories: [], next: request.cursor === undefined ? 'bmV4dA' : null };
    }),
    serve('harvester.repository.add', async ({ location }) => {
      added.push(location);
      if (location === 'https://slow.example/r') await held.promise;
      return { ...rpcExamples['harvester.repository.add'].response, jobId: PRINCIPAL, created: true };
    }),
  ]);
  gateway = await world.host({ GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_GATEWAY_RATE: '0' });
  token = await world.token();
});
afterAll(() => world.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${gateway.url}${path}`, { headers });
const known = (path: string, headers: Record<string, string> = {}) => get(path, { authorization: `Bearer ${token}`, ...headers });

it('starts with its own identity, needs no database, and says that it is well', async () => {
  const response = await get('/health/status');
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'gateway', phase: { state: 'ready' }, checks: [{ name: 'broker', state: 'healthy' }, { name: 'auth', state: 'healthy' }] });
});

it('says so to those who reach nothing but the API, too', async () => {
  const response = await get('/v1/health');
  expect([response.status, response.headers.get('cache-control'), await response.json()]).toEqual([200, 'no-store', { status: 'healthy', service: 'gateway', version: expect.any(String), uptimeSeconds: expect.any(Number), phase: 'ready' }]);
});

it('calls the service with the token, tenant, ids and trace of the caller, and tells where the list goes on', async () => {
  const response = await known('/v1/repositories?limit=3', { 'x-request-id': 'req-1', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ repositories: [], next: 'bmV4dA' });
  expect(response.headers.get('x-request-id')).toBe('req-1');
  expect(response.headers.get('link')).toBe('</v1/repositories?limit=3&cursor=bmV4dA>; rel="next"');
  expect(asked.at(-1)).toMatchObject({ request: { limit: 3 }, tenant: 'acme', token, correlationId: 'req-1', traceparent: expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/) });
});

it('says with an ETag that nothing has changed', async () => {
  const etag = (await known('/v1/repositories')).headers.get('etag') ?? '';
  const again = await known('/v1/repositories', { 'if-none-match': `"other", ${etag}` });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  expect((await known('/v1/repositories?cursor=bmV4dA', { 'if-none-match': etag })).status).toBe(200);
});

it('answers everything else with a problem that has a stable code', async () => {
  const problem = async (response: Promise<Response>) => {
    const { status, headers } = await response;
    const { code, instance } = (await (await response).json()) as { code: string; instance: string };
    return [status, code, headers.get('content-type')?.split(';')[0], instance === `urn:granary:request:${headers.get('x-request-id')}`];
  };
  const json = 'application/problem+json';
  const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}) => fetch(`${gateway.url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers }, ...(body !== undefined && { body }) });
  expect(await problem(get('/v1/repositories'))).toEqual([401, 'token-missing', json, true]);
  expect(await problem(get('/v1/repositories', { authorization: 'Basic YTpi' }))).toEqual([401, 'scheme-unknown', json, true]);
  expect(await problem(get('/v1/repositories', { authorization: 'Bearer a.b.c' }))).toEqual([401, 'token-encoding-wrong', json, true]);
  expect(await problem(known('/v1/nothing'))).toEqual([404, 'route-unknown', json, true]);
  expect(await problem(send('DELETE', '/v1/repositories'))).toEqual([405, 'method-not-allowed', json, true]);
  expect((await send('DELETE', '/v1/repositories')).headers.get('allow')).toBe('GET, HEAD, POST');
  expect(await problem(known('/v1/repositories', { accept: 'text/html' }))).toEqual([406, 'not-acceptable', json, true]);
  expect(await problem(send('POST', '/v1/repositories', '<x/>', { 'content-type': 'text/xml' }))).toEqual([415, 'media-type-unknown', json, true]);
  expect(await problem(send('POST', '/v1/repositories', '{', { 'content-type': 'application/json' }))).toEqual([400, 'invalid-request', json, true]);
  expect(await problem(send('POST', '/v1/repositories', JSON.stringify({ location: 'x'.repeat(300_000) }), { 'content-type': 'application/json' }))).toEqual([413, 'body-too-large', json, true]);
  expect(await problem(known('/v1/jobs/%zz'))).toEqual([400, 'malformed-request', json, true]);
  expect(await problem(known('/v1/log'))).toEqual([503, 'service-unavailable', json, true]);
});

it('names every wrong field, wherever it stands', async () => {
  const response = await known('/v1/repositories?limit=9999&tenant=umbra&__proto__=1');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'invalid-request', errors: [{ in: 'query', pointer: '/tenant' }, { in: 'query', pointer: '/__proto__' }] });
  expect(await (await known('/v1/repositories?limit=9999')).json()).toMatchObject({ errors: [{ in: 'query', pointer: '/limit', detail: 'limit must be at most 500' }] });
});

describe('a token that somebody has worked on', () => {
  const tried = async (shown: string) => {
    const calls = asked.length;
    const response = await known('/v1/repositories', { authorization: `Bearer ${shown}` });
    const text = await response.text();
    const { code } = JSON.parse(text) as { code: string };
    const challenge = response.headers.get('www-authenticate') ?? '';
    const leaks = shown.split('.').some((one) => one.length > 8 && (text.includes(one) || challenge.includes(one)));
    return { status: response.status, code, challenge: challenge.split(', error_description')[0], called: asked.length > calls, leaks };
  };
  const refusal = (code: string) => ({ status: 401, code, challenge: 'Bearer realm="granary", error="invalid_token"', called: false, leaks: false });

  it.each(TOKEN_ATTACKS)('is refused: %s', async (_name, make, code) => {
    expect(await tried(make({ token, jwk: world.jwk }))).toEqual(refusal(code));
  });

  it('is refused when it was good before and is revoked, however often it was used', async () => {
    const good = await world.token({ sid: 'ends' });
    const use = () => known('/v1/repositories', { authorization: `Bearer ${good}` });
    expect([(await use()).status, (await use()).status]).toEqual([200, 200]);
    world.revoked.add('ends');
    await waitFor(async () => (await use()).status === 401, { what: 'the gateway to hear of it' });
    expect(await tried(good)).toEqual(refusal('token-revoked'));
  });

  it('is looked for nowhere but in its header', async () => {
    const answers = [get(`/v1/repositories?access_token=${token}`), get('/v1/repositories', { cookie: `token=${token}; access_token=${token}` }), get('/v1/repositories', { 'granary-token': token, 'x-access-token': token })];
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await known('/v1/repositories', { authorization: `Bearer ${token.padEnd(20_000, 'A')}` })).status).toBe(431);
  });
});

it('exchanges an API key once, however many ask at once, and no longer when it was revoked', async () => {
  const asRobot = () => get('/v1/repositories', { authorization: `Bearer ${world.key}` });
  const statuses = (await Promise.all(Array.from({ length: 5 }, asRobot))).map(({ status }) => status);
  expect([statuses, world.exchanges()]).toEqual([[200, 200, 200, 200, 200], 1]);
  world.revoked.add('a-key');
  await waitFor(async () => (await asRobot()).status === 401, { what: 'the gateway to hear of it' });
  expect(await (await asRobot()).json()).toMatchObject({ code: 'key-revoked' });
});

it('describes itself, and shows that on a page that runs nothing but its own files', async () => {
  const document = await get('/v1/openapi.json');
  expect(await document.json()).toMatchObject({ openapi: '3.1.0', paths: { '/v1/repositories': {} } });
  expect((await get('/v1/openapi.json', { 'if-none-match': document.headers.get('etag') ?? '' })).status).toBe(304);
  const page = await get('/docs');
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  const files = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map(([, file = '']) => new URL(file, page.url).pathname);
  expect(await Promise.all(files.map(async (file) => (await get(file)).status))).toEqual(files.map(() => 200));
  expect((await get('/docs/yaml')).url).toBe(`${gateway.url}/v1/openapi.json`);
  expect([files.length > 3, /<script(?![^>]*src=)/.test(html), /<style|style=/.test(html)]).toEqual([true, false, false]);
  expect(document.headers.get('content-security-policy')).toBe("default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'");
});

it('refuses headers that were sent twice, and requests that two programs would read differently', async () => {
  const { hostname, port } = new URL(gateway.url);
  const status = (headers: string[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = rawRequest({ hostname, port, path: '/v1/repositories', headers: ['host', hostname, ...headers] }, (response) => resolve(response.resume().statusCode));
      sent.on('error', reject).end();
    });
  expect(await status(['authorization', `Bearer ${token}`, 'authorization', 'Bearer other'])).toBe(400);
  expect(await status(['authorization', `Bearer ${token}`])).toBe(200);
});

it('counts by the address of the connection, or by what a trusted proxy says', async () => {
  const statuses = async (settings: Record<string, string>, froms: string[]) => {
    const one = await world.host({ GRANARY_GATEWAY_PUBLIC_RATE: '1', ...settings });
    const answers = [];
    for (const from of froms) answers.push((await fetch(`${one.url}/v1/repositories`, { headers: { 'x-forwarded-for': from } })).status);
    return answers;
  };
  const froms = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6'];
  expect(await statuses({}, froms)).toEqual([401, 401, 401, 401, 401, 429]);
  expect(await statuses({ GRANARY_GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' }, froms)).toEqual([401, 401, 401, 401, 401, 401]);
  // A proxy that hands on what is no address says nothing.
  expect(await statuses({ GRANARY_GATEWAY_TRUSTED_PROXIES: '127.0.0.1' }, froms.map((from) => `${from}x`))).toEqual([401, 401, 401, 401, 401, 429]);
  // What the client itself wrote stands in front of what the proxy saw.
  expect(await statuses({ GRANARY_GATEWAY_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' }, froms.map((from) => `${from}, 198.51.100.7, 10.1.2.3`))).toEqual([401, 401, 401, 401, 401, 429]);
});

it('lets those in who are known, however much is asked from their address by others, and nobody who has guessed too often', async () => {
  const one = await world.host({ GRANARY_GATEWAY_PUBLIC_RATE: '1' });
  const statusOf = async (path: string, shown?: string) => (await fetch(one.url + path, { headers: shown === undefined ? {} : { authorization: `Bearer ${shown}` } })).status;
  const public429 = async () => (await Promise.all(Array.from({ length: 10 }, () => statusOf('/v1/openapi.json')))).includes(429);
  expect([await public429(), await statusOf('/v1/repositories', token)]).toEqual([true, 200]);
  const guesses = await Promise.all(Array.from({ length: 10 }, (_, i) => statusOf('/v1/repositories', `${token.slice(0, -9)}AAAAAAA${i}A`)));
  expect([new Set(guesses), await statusOf('/v1/repositories', token)]).toEqual([new Set([401, 429]), 429]);
});

it('lets pages of other origins read answers only when they are listed', async () => {
  const origin = 'https://console.example';
  const open = await world.host({ GRANARY_GATEWAY_ORIGINS: `${origin}, https://other.example` });
  const asked = async (by: HostedService, from: string) => {
    const preflight = await fetch(`${by.url}/v1/gate`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'PATCH' } });
    return [preflight.status, preflight.headers.get('access-control-allow-origin')];
  };
  expect(await asked(gateway, origin)).toEqual([405, null]);
  expect(await asked(open, origin)).toEqual([204, origin]);
  expect((await asked(open, 'https://evil.example'))[1]).toBeNull();
});

describe('on the wire', () => {
  /** What a server says to some bytes until it closes the connection. */
  const say = (to: HostedService, bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(to.url);
      const heard: string[] = [];
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      socket.on('data', (chunk) => void heard.push(chunk.toString('latin1'))).on('error', reject).on('close', () => resolve(heard.join('')));
    });
  const head = (...lines: string[]) => `POST /v1/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

  it.each([
    ['a length and chunks', head('Content-Length: 4', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
    ['two lengths', head('Content-Length: 4', 'Content-Length: 5') + '{}{}', 400],
    ['an obscured encoding', head('Transfer-Encoding: xchunked') + '0\r\n\r\n', 400],
    ['a folded header', head('X-A: b', ' Transfer-Encoding: chunked'), 400],
    ['a bare line feed in a header', head('X-A: b\nContent-Length: 3'), 400],
    ['a space before the colon', head('Content-Length : 4') + '{}{}', 400],
    ['no host', 'GET /v1/me HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a head that is too large', head(`X-A: ${'b'.repeat(20_000)}`), 431],
  ])('refuses %s', async (_name, bytes, status) => {
    expect((await say(gateway, bytes)).slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  it('ends requests that never end', async () => {
    // Long enough for what is sent to arrive on a busy machine: an answer to what is not read yet may get lost.
    const impatient = await world.host({ GRANARY_GATEWAY_HEADERS_TIMEOUT: '600ms', GRANARY_GATEWAY_REQUEST_TIMEOUT: '700ms' });
    const [slowHead, slowBody] = await Promise.all([say(impatient, 'GET /v1/me HTTP/1.1\r\nHost: x\r\nX-A: '), say(impatient, head('Content-Type: application/json', 'Content-Length: 100') + '{')]);
    expect([slowHead, slowBody].map((heard) => heard.slice(0, 12))).toEqual(['HTTP/1.1 408', 'HTTP/1.1 408']);
    expect(slowHead).toContain('"code":"request-too-slow"');
  });
});

describe('under one Idempotency-Key', () => {
  const add = async (key: string, location: string, by = gateway) => {
    const response = await fetch(`${by.url}/v1/repositories`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify({ location }) });
    const body = (await response.json()) as { code?: string };
    return { status: response.status, code: body.code, body, replayed: response.headers.get('idempotency-replayed'), location: response.headers.get('location') };
  };

  it('does a write once, and gives the same answer again, also from another gateway', async () => {
    const first = await add('one', 'https://example.org/a');
    const other = await world.host();
    const again = await add('one', 'https://example.org/a', other);
    expect(first).toMatchObject({ status: 201, replayed: null, location: `/v1/jobs/${PRINCIPAL}` });
    expect(again).toEqual({ ...first, replayed: 'true' });
    expect(added).toEqual(['https://example.org/a']);
    expect(await add('one', 'https://example.org/b', other)).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await add('not a key', 'https://example.org/b')).toMatchObject({ status: 400, code: 'bad-idempotency-key' });
  });

  it('does not begin a second one while the first is under way', async () => {
    const first = add('two', 'https://slow.example/r');
    await waitFor(() => added.includes('https://slow.example/r'), { what: 'the first request' });
    expect(await add('two', 'https://slow.example/r')).toMatchObject({ status: 409, code: 'request-under-way' });
    held.resolve();
    expect(await first).toMatchObject({ status: 201 });
  });
});
