import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Body, Controller, Get, HttpException, Inject, Param, Post } from '@nestjs/common';
import { createLogger, createMetrics, currentContext, injectTraceparent, startTracing, type Metrics, type Tracing } from '@granary/observability';
import { waitFor } from '@granary/testing';
import type { Phase } from '../health/health';
import { createProbe } from '../health/probe';
import { createVitals, type Vitals } from '../health/vitals';
import { startHttp, type HttpServer } from './http.module';

const GREETING = Symbol('greeting');

@Controller('greetings')
class GreetingController {
  static slow = Promise.withResolvers<void>();
  static arrived = Promise.withResolvers<void>();

  constructor(@Inject(GREETING) private readonly greeting: string) {}

  @Get(':name')
  greet(@Param('name') name: string) {
    return { text: `${this.greeting}, ${name}`, traceparent: injectTraceparent(), context: currentContext() };
  }

  @Post()
  async create(@Body() body: unknown) {
    await new Promise(setImmediate);
    return { body, traceparent: injectTraceparent(), context: currentContext() };
  }

  @Get('broken/now')
  broken() {
    throw new Error('a bug at https://u:s3cr3t@h');
  }

  @Get('refused/now')
  refused() {
    throw new HttpException('not like this', 422);
  }

  @Get('slow/now')
  async slow() {
    GreetingController.arrived.resolve();
    await GreetingController.slow.promise;
    return {};
  }
}

let tracing: Tracing;
let lines: { level: string; msg: string; err?: { message: string } }[];
let vitals: Vitals;
let metrics: Metrics;
let http: HttpServer;
let slow: Set<string>;

beforeEach(async () => {
  GreetingController.slow = Promise.withResolvers();
  GreetingController.arrived = Promise.withResolvers();
  lines = [];
  slow = new Set();
  tracing = startTracing({ service: 'greeter' });
  metrics = createMetrics('greeter');
  vitals = createVitals({ service: 'greeter', version: '1.0.0', probe: createProbe(), now: () => new Date(0) });
  http = await startHttp({ ...options(), port: 0 });
});
afterEach(async () => {
  await http.close();
  await tracing.stop();
});

function options() {
  const log = createLogger({ service: 'greeter', level: 'debug', destination: { write: (line) => lines.push(JSON.parse(line) as (typeof lines)[number]) } });
  return { host: '127.0.0.1', port: 0, tenant: 'default', vitals, metrics, log, slow: (kind: string, operation: unknown) => void slow.add(`${kind} ${String(operation)}`), newId: () => 'new-1' };
}

const open = () => http.open({ controllers: [GreetingController], providers: [{ provide: GREETING, useValue: 'Good morning' }] });
const get = (path: string, headers: Record<string, string> = {}) => fetch(`${http.url}${path}`, { headers });

describe('what every service answers', () => {
  it.each<[string, Phase, number, unknown]>([
    ['/health/live', { state: 'starting', waitingFor: ['broker: refused'] }, 200, { status: 'live' }],
    ['/health/ready', { state: 'starting', waitingFor: ['broker: refused'] }, 503, { status: 'starting', waitingFor: ['broker: refused'] }],
    ['/health/ready', { state: 'ready' }, 200, { status: 'ready' }],
    ['/health', { state: 'ready' }, 200, { status: 'healthy', service: 'greeter', version: '1.0.0', uptimeSeconds: 0, phase: 'ready' }],
    ['/health/status', { state: 'stopping' }, 200, { status: 'healthy', service: 'greeter', version: '1.0.0', uptimeSeconds: 0, build: null, now: '1970-01-01T00:00:00.000Z', startedAt: '1970-01-01T00:00:00.000Z', phase: { state: 'stopping' }, checks: [] }],
  ])('%s while %p', async (path, phase, status, body) => {
    vitals.move(phase);
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(body);
  });

  it('metrics, with the requests of every route from its first scrape on', async () => {
    await get('/greetings/too-early');
    await open();
    await get('/greetings/ada');
    await get('/greetings/broken/now');
    await get('/nowhere/4711');
    const answers = await Promise.all(['HEAD', 'OPTIONS', 'PROPFIND'].map(async (method) => (await fetch(`${http.url}/greetings/ada`, { method })).status));
    expect(answers).toEqual([200, 404, 404]);
    const response = await get('/metrics?x=1');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const page = await response.text();
    const count = (labels: string) => new RegExp(`^granary_http_requests_total\\{${labels},service="greeter"\\} (\\d+)$`, 'm').exec(page)?.[1];
    expect(count('method="GET",route="/greetings/:name",status="2xx"')).toBe('2');
    expect(count('method="GET",route="/greetings/:name",status="5xx"')).toBe('0');
    expect(count('method="GET",route="/greetings/broken/now",status="5xx"')).toBe('1');
    expect(count('method="POST",route="/greetings",status="2xx"')).toBe('0');
    expect(count('method="GET",route="/health/status",status="5xx"')).toBe('0');
    expect(count('method="GET",route="unknown",status="4xx"')).toBe('3');
    expect(count('method="GET",route="closed",status="5xx"')).toBe('1');
    expect(page).toContain('granary_http_request_seconds_count{service="greeter",method="GET",route="/greetings/:name"} 2');
    // Methods that no route was made for would each be as many series as there are routes.
    expect([...new Set([...page.matchAll(/method="(\w+)"/g)].map(([, method]) => method))].sort()).toEqual(['GET', 'POST']);
    expect(page).not.toContain('4711');
    expect([...slow]).toEqual(['http GET /greetings/:name', 'http GET /greetings/broken/now', 'http GET unknown', 'http GET /metrics']);
  });
});

describe('the routes of a service', () => {
  it('answer 503 until everything they need is there', async () => {
    vitals.move({ state: 'starting', waitingFor: ['database: refused'] });
    const early = await get('/greetings/ada');
    expect([early.status, early.headers.get('retry-after'), await early.json()]).toEqual([503, '1', { status: 'starting', waitingFor: ['database: refused'] }]);
    await open();
    expect(await (await get('/greetings/ada')).json()).toMatchObject({ text: 'Good morning, ada' });
  });

  it('answer 503 again once they are shut, while those under way end', async () => {
    await open();
    const slow = get('/greetings/slow/now');
    await GreetingController.arrived.promise;
    vitals.move({ state: 'stopping' });
    const shut = http.shut();
    const late = await get('/greetings/ada');
    expect([late.status, await late.json()]).toEqual([503, { status: 'stopping' }]);
    GreetingController.slow.resolve();
    expect((await slow).status).toBe(200);
    await shut;
  });

  it('are unknown in a service that has none', async () => {
    await http.open({ controllers: [], providers: [] });
    const response = await get('/greetings/ada');
    expect([response.status, await response.json()]).toEqual([404, { message: 'Cannot GET /greetings/ada', error: 'Not Found', statusCode: 404 }]);
  });

  it('run with the trace and the ids of their request, also after its body was read', async () => {
    await open();
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x-request-id': 'req-7', 'x-correlation-id': 'cor-7', 'content-type': 'application/json' };
    const expected = {
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-[\da-f]{16}-01$/) as string,
      context: { requestId: 'req-7', correlationId: 'cor-7', tenant: 'default' },
    };
    const read = await get('/greetings/ada', headers);
    expect(read.headers.get('x-request-id')).toBe('req-7');
    expect(await read.json()).toMatchObject(expected);
    const written = await fetch(`${http.url}/greetings`, { method: 'POST', headers, body: JSON.stringify({ name: 'x'.repeat(100_000) }) });
    expect(await written.json()).toMatchObject({ ...expected, body: { name: expect.stringMatching(/^x{100000}$/) as string } });
  });

  it('give a request ids when it has none', async () => {
    await open();
    const response = await get('/greetings/ada');
    expect(response.headers.get('x-request-id')).toBe('new-1');
    expect(await response.json()).toMatchObject({ traceparent: expect.stringMatching(/^00-/) as string, context: { requestId: 'new-1', correlationId: 'new-1' } });
  });

  it('hide a bug from the caller and tell it in the log, without credentials', async () => {
    await open();
    const response = await get('/greetings/broken/now');
    expect([response.status, await response.json()]).toEqual([500, { statusCode: 500, message: 'Internal server error' }]);
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([{ err: { message: 'a bug at https://[redacted]@h' } }]);
    expect((await get('/greetings/refused/now')).status).toBe(422);
  });
});

describe('the listener', () => {
  it('says whose fault it is when the port is taken', async () => {
    const port = Number(new URL(http.url).port);
    await expect(startHttp({ ...options(), metrics: createMetrics('other'), port })).rejects.toMatchObject({
      code: 'port-taken',
      message: `another program listens on 127.0.0.1:${port}: choose another GRANARY_HTTP_PORT, or 0 for any free one`,
    });
  });

  it('says so when it cannot listen there', async () => {
    await expect(startHttp({ ...options(), metrics: createMetrics('other'), host: '192.0.2.1' })).rejects.toMatchObject({ code: 'cannot-listen', message: expect.stringContaining('192.0.2.1') as string });
  });

  it('writes IPv6 addresses as URLs want them', async () => {
    const server = createServer();
    const hasIpv6 = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(0, '::1', () => resolve(true)));
    await new Promise((closed) => server.close(closed));
    if (!hasIpv6) return;
    const other = await startHttp({ ...options(), metrics: createMetrics('other'), host: '::1' });
    expect((await fetch(`${other.url}/health/live`)).status).toBe(200);
    await other.close();
  });

  it('lets a request end before it closes, and waits for no idle connection', async () => {
    await open();
    const { port } = new URL(http.url) as unknown as AddressInfo;
    const idle = connect({ port: Number(port), host: '127.0.0.1' });
    await new Promise((connected) => idle.once('connect', connected));
    const answer = new Promise<number | undefined>((resolve) => request(`${http.url}/greetings/slow/now`, (response) => resolve(response.resume().statusCode)).end());
    await GreetingController.arrived.promise;
    const closed = http.close();
    await waitFor(async () => !(await get('/health/live').catch(() => null)), { what: 'the listener to close' });
    GreetingController.slow.resolve();
    expect(await answer).toBe(200);
    await closed;
    idle.destroy();
  });

  it('ends a request that takes longer than a second to end', async () => {
    await open();
    const answer = new Promise<string>((resolve) => request(`${http.url}/greetings/slow/now`, () => resolve('answered')).once('error', () => resolve('ended')).end());
    await GreetingController.arrived.promise;
    await http.close();
    expect(await answer).toBe('ended');
  });
});
