// Every documented answer of every route that is a call, from a real gateway over a real broker, against the document that
// it serves itself. Services answer with the examples of their contracts, or refuse as the table says that they do.
import { accessDocuments, readOpenSchemas, rpcContracts, rpcExamples, type OpenSchema, type RpcOperation } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { serve, type RpcHandler } from '@granary/messaging';
import type { HostedService } from '@granary/service-host';
import { openApiChecker, type OpenApiDocument } from '@granary/testing';
import { startWorld, type World } from '../../test/world';
import { fieldKinds } from '../call/field-kinds';
import { openFields } from '../call/request-of';
import { refusalsOf, takesIdempotencyKey } from '../document/refusals';
import { statusOf } from '../problem/status-of';
import { fillPath, type CallRoute } from './route';
import { callRoutes } from './table';

type Answering = { readonly state: 'example' | 'known' } | { readonly state: 'refuse'; readonly code: string } | { readonly state: 'silent' } | { readonly state: 'wait'; readonly arrived: () => void; readonly go: Promise<void> };

let world: World;
let gateway: HostedService;
let schemas: Readonly<Record<string, OpenSchema>>;
let token: string;
let document: OpenApiDocument;
let differences: Awaited<ReturnType<typeof openApiChecker>>;
let answering: Answering = { state: 'example' };
const atEnd = Promise.withResolvers<void>();
const reached = new Map<CallRoute, Set<number>>(callRoutes.map((route) => [route, new Set()]));
const wrong: string[] = [];

const FREE = { GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_PUBLIC_RATE: '0' };
const BASE = ['auth.trust.read', 'auth.key.exchange'];

beforeAll(async () => {
  [world, schemas] = await Promise.all([startWorld(), readOpenSchemas()]);
  gateway = await world.host(FREE);
  token = await world.token();
  document = (await (await fetch(`${gateway.url}/v1/openapi.json`)).json()) as OpenApiDocument;
  differences = await openApiChecker(document);
});
afterAll(async () => {
  atEnd.resolve();
  await world.stop();
});

const standIn = (operation: RpcOperation): RpcHandler =>
  serve(operation, async () => {
    if (answering.state === 'refuse') throw Fault.permanent(answering.code, 'refused as the table says');
    if (answering.state === 'silent') await atEnd.promise;
    if (answering.state === 'wait') {
      answering.arrived();
      await answering.go;
    }
    return { ...rpcExamples[operation].response, ...(answering.state === 'known' && { created: false }) } as never;
  });

interface Sent {
  readonly by?: HostedService;
  readonly headers?: Record<string, string>;
  readonly query?: string;
  readonly body?: string;
  readonly without?: 'token' | 'version';
}

/** Sends the request of the contract's example, checks the answer against the document, and notes its status. */
async function send(route: CallRoute, { by = gateway, headers = {}, query, body, without }: Sent = {}): Promise<{ status: number; etag: string | null; code?: string }> {
  const example = { ...rpcExamples[route.operation].request } as Record<string, unknown>;
  const fields = openFields(route, fieldKinds(schemas[rpcContracts[route.operation].request], schemas)).filter((name) => name in example);
  const pairs = route.method === 'GET' ? fields.flatMap((name) => [example[name]].flat().map((value): [string, string] => [name, String(value)])) : [];
  // What the example does not name is still part of the path.
  const path = fillPath(route.path, { sid: '01976c2e-8a00-7b3c-9d4e-5f60718293a4', principal: 'ada', ...example });
  const search = query ?? new URLSearchParams(pairs).toString();
  const content = body ?? (route.method === 'GET' || fields.length === 0 ? undefined : JSON.stringify(Object.fromEntries(fields.map((name) => [name, example[name]]))));
  const response = await fetch(`${by.url}${path}${search === '' ? '' : `?${search}`}`, {
    method: route.method,
    headers: {
      ...(route.access === 'token' && without !== 'token' && { authorization: `Bearer ${token}` }),
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...(route.versionField !== undefined && without !== 'version' && { 'if-match': '"v1"' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  });
  const text = await response.text();
  check(route, response, text);
  reached.get(route)?.add(response.status);
  return { status: response.status, etag: response.headers.get('etag'), ...(text !== '' && { code: (JSON.parse(text) as { code: string }).code }) };
}

function check({ method, path }: CallRoute, response: Response, text: string): void {
  const { status, headers } = response;
  wrong.push(...differences({ method, path, status, contentType: headers.get('content-type'), text }));
  for (const header of ['x-request-id', 'x-content-type-options', 'content-security-policy']) if (!headers.has(header)) wrong.push(`${method} ${path} ${status} lacks ${header}`);
}

const each = async (look: (route: CallRoute) => Promise<unknown>, routes: readonly CallRoute[] = callRoutes): Promise<void> => {
  for (const route of routes) await look(route);
};
const isToken = ({ access }: CallRoute): boolean => access === 'token';
const isWrite = ({ method }: CallRoute): boolean => method !== 'GET';

it('answers every route as it is documented, with every status that is documented', async () => {
  await each(async (route) => expect([route.path, (await send(route)).status]).toEqual([route.path, 503]));

  for (const [service, { serves }] of Object.entries(accessDocuments)) await world.serve(service, serves.filter((operation) => !BASE.includes(operation)).map(standIn));
  await each(async (route) => {
    const { status, etag } = await send(route);
    expect([route.path, status < 300]).toEqual([route.path, true]);
    if (route.cache === 'etag') expect((await send(route, { headers: { 'if-none-match': etag ?? '' } })).status).toBe(304);
  });
  await each((route) => send(route, { query: 'unknown=1' }));
  await each((route) => send(route, { headers: { accept: 'text/html' } }));
  await each(async (route) => expect((await send(route, { without: 'token' })).status).toBe(401), callRoutes.filter(isToken));
  await each(async (route) => {
    expect((await send(route, { body: '<x/>', headers: { 'content-type': 'text/xml' } })).status).toBe(415);
    expect((await send(route, { body: JSON.stringify('x'.repeat(300_000)) })).status).toBe(413);
  }, callRoutes.filter(isWrite));
  await each((route) => send(route, { without: 'version' }), callRoutes.filter(({ versionField }) => versionField !== undefined));

  for (const route of callRoutes) {
    for (const code of ['permission-missing', ...route.refusals]) {
      if (!refusalsOf(route).get(statusOf({ kind: 'permanent', code }))?.includes(code)) continue;
      answering = { state: 'refuse', code };
      expect([route.path, await send(route)]).toEqual([route.path, expect.objectContaining({ code })]);
    }
  }

  answering = { state: 'example' };
  const spent = callRoutes.find(({ path }) => path === '/v1/keys/{id}') as CallRoute;
  await send(spent, { headers: { 'idempotency-key': 'spent' } });
  for (const route of callRoutes.filter(takesIdempotencyKey)) {
    if (route !== spent) expect(await send(route, { headers: { 'idempotency-key': 'spent' } })).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    answering = { state: 'wait', arrived: arrived.resolve, go: go.promise };
    const headers = { 'idempotency-key': `first-${callRoutes.indexOf(route)}` };
    const first = send(route, { headers });
    await arrived.promise;
    expect(await send(route, { headers })).toMatchObject({ status: 409, code: 'request-under-way' });
    go.resolve();
    expect((await first).status).toBeLessThan(300);
    answering = { state: 'example' };
  }
  const other = callRoutes.filter(takesIdempotencyKey).find((route) => route !== spent) as CallRoute;
  expect((await send(spent, { headers: { 'idempotency-key': `first-${callRoutes.indexOf(other)}` } })).status).toBe(422);
  answering = { state: 'known' };
  const mayBeKnown = callRoutes.filter((route) => route.status === 201 && 'created' in rpcExamples[route.operation].response);
  await each(async (route) => expect([route.path, (await send(route)).status]).toEqual([route.path, 200]), mayBeKnown);
  answering = { state: 'example' };

  const seldom = await world.host({ GRANARY_GATEWAY_RATE: '1', GRANARY_GATEWAY_PUBLIC_RATE: '1' });
  await each(async (route) => {
    for (let tries = 0; tries < 20 && (await send(route, { by: seldom })).status !== 429; tries += 1);
  });

  answering = { state: 'silent' };
  const hasty = await world.host({ ...FREE, GRANARY_GATEWAY_CALL_TIMEOUT: '10ms' });
  await each(async (route) => expect([route.path, (await send(route, { by: hasty })).status]).toEqual([route.path, 504]));

  const missing = callRoutes.flatMap((route) => {
    const documented = Object.keys(document.paths[route.path]?.[route.method.toLowerCase()]?.responses ?? {}).filter((status) => status !== 'default');
    return documented.filter((status) => !reached.get(route)?.has(Number(status))).map((status) => `${route.method} ${route.path} ${status}`);
  });
  expect(missing).toEqual([]);
  expect(wrong).toEqual([]);
});
