// Requests to one gateway in figures, beside the whole platform as `granary up` starts it: with and without authentication,
// with tokens that it has seen and tokens that it has not. Limits are off; autocannon plays the clients, on the same machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPrefix } from '@granary/contracts';
import { requirePlatformFile } from '@granary/embedded';
import type { PlatformFile } from '@granary/embedded';
import { connectBroker, createRpcClient } from '@granary/messaging';
import type { RpcClient } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { createTokenVerifier, openTrust } from '@granary/security';
import { temporaryRepository, waitFor } from '@granary/testing';
import autocannon from 'autocannon';
import { quantile } from './figures.ts';

const BIN = new URL('../../../tools/cli/bin/granary.mjs', import.meta.url).pathname;
const SETTINGS = { GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_GATEWAY_PORT: '0', GRANARY_LOG_LEVEL: 'warn' };
const CONNECTIONS = 32;

/** @param quick shorter runs, to see that everything works */
export async function benchRequests(quick: boolean): Promise<object> {
  const data = mkdtempSync(join(tmpdir(), 'granary-'));
  const repository = await temporaryRepository({ 'src/index.ts': "export * from './a';\n", 'src/a.ts': 'export const a = 1;\n' });
  const child = spawn(process.execPath, [BIN, 'up', repository.path, '--json'], { env: { ...process.env, ...SETTINGS, GRANARY_DATA: data }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await waitFor(() => printed.trimEnd().endsWith('}') || child.exitCode !== null, { what: 'the platform', timeoutMs: 120_000 });
    return await measureAll(requirePlatformFile(data), quick);
  } finally {
    child.kill('SIGINT');
    if (child.exitCode === null) await once(child, 'close');
    repository.remove();
    rmSync(data, { recursive: true, force: true });
  }
}

async function measureAll({ nats, operator, auth, services }: PlatformFile, quick: boolean): Promise<object> {
  const url = services['gateway']?.url;
  if (auth === undefined || url === undefined) throw new Error('the platform does not say how to reach it');
  const broker = await connectBroker({ url: nats.url, ...operator, name: operator.user, inboxPrefix: inboxPrefix(operator.user), log: createLogger({ service: 'bench', level: 'silent' }) });
  try {
    const rpc = createRpcClient({ broker });
    const token = async () => (await rpc.call('auth.key.exchange', { key: auth.key })).accessToken;
    const [one] = await several(token, 1);
    const fresh = { count: quick ? 200 : 4_000, take: () => several(token, quick ? 200 : 4_000) };
    const seconds = quick ? 1 : 10;
    const etag = (await fetch(`${url}/v1/openapi.json`)).headers.get('etag') ?? '';
    const known = bearer(one);
    const steady = (path: string, headers: Record<string, string>, more: Partial<autocannon.Options> = {}) => measure({ url: url + path, headers, ...more }, seconds);
    const firstUse = async (path: string, more: Partial<autocannon.Options> = {}) => measureFresh({ url: url + path, ...more }, await fresh.take());
    // Nothing is called for these two; one is answered to everybody.
    const open = await steady('/v1/openapi.json', { 'if-none-match': etag });
    const head = { method: 'HEAD' } as const;
    const guarded = await steady('/v1/events/tail', known, head);
    return {
      connections: CONNECTIONS,
      'answered by the gateway alone': { 'to everybody (304)': open, 'with a token (HEAD)': guarded, 'with a token of first use (HEAD)': await firstUse('/v1/events/tail', head) },
      'GET /v1/me': { 'with a token': await steady('/v1/me', known), 'with a token of first use': await firstUse('/v1/me'), 'with an API key': await steady('/v1/me', bearer(auth.key)) },
      'GET /v1/repositories': { 'with a token': await steady('/v1/repositories', known), 'with a token of first use': await firstUse('/v1/repositories'), 'with an API key': await steady('/v1/repositories', bearer(auth.key)) },
      'GET /v1/repositories, one after the other': await steady('/v1/repositories', known, { connections: 1 }),
      'GET /v1/openapi.json, whole': await steady('/v1/openapi.json', {}),
      'what a token costs a process, µs': await verification(rpc, await several(token, quick ? 200 : 2_000)),
    };
  } finally {
    await broker.close();
  }
}

const bearer = (shown: string | undefined) => ({ authorization: `Bearer ${shown}` });

/** Tokens that nobody has seen. */
async function several(token: () => Promise<string>, count: number): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < count) tokens.push(...(await Promise.all(Array.from({ length: Math.min(50, count - tokens.length) }, token))));
  return tokens;
}

async function measure(options: autocannon.Options, seconds: number): Promise<object> {
  await run({ ...options, duration: 1 });
  return run({ ...options, duration: seconds });
}

/** Each request shows a token of its own. */
async function measureFresh(options: autocannon.Options, tokens: string[]): Promise<object> {
  const left = [...tokens];
  const setupRequest = (request: autocannon.Request) => ({ ...request, headers: { ...request.headers, ...bearer(left.pop()) } });
  return run({ ...options, amount: tokens.length, requests: [{ ...(options.method !== undefined && { method: options.method }), setupRequest }] });
}

async function run(options: autocannon.Options): Promise<object> {
  const took: number[] = [];
  const begun = performance.now();
  let last = begun;
  const { non2xx, errors, '3xx': unchanged } = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon({ connections: CONNECTIONS, ...options }, (error, result) => (error === null ? resolve(result) : reject(error as Error)));
    // Its own histogram counts in whole milliseconds, and it ends with a whole second.
    instance.on('response', (_client, _status, _bytes, ms) => {
      took.push(ms);
      last = performance.now();
    });
  });
  if (errors > 0 || non2xx > unchanged) throw new Error(`${errors} errors and ${non2xx - unchanged} refusals at ${options.url}`);
  return { 'requests /s': Math.round(took.length / ((last - begun) / 1_000)), 'p50 ms': round(quantile(took, 0.5)), 'p99 ms': round(quantile(took, 0.99)) };
}

/** The signature of a token is checked once in each process; after that it is looked up. */
async function verification(rpc: RpcClient, tokens: readonly string[]): Promise<object> {
  const now = new Date();
  const trust = await openTrust(await rpc.call('auth.trust.read', {}), now);
  const verify = createTokenVerifier({ remember: tokens.length });
  const pass = async () => {
    const begun = performance.now();
    for (const token of tokens) if ((await verify(token, trust, now)).state !== 'accepted') throw new Error('a token of auth was refused');
    return round(((performance.now() - begun) * 1_000) / tokens.length);
  };
  return { 'first use': await pass(), 'later uses': await pass() };
}

const round = (value: number): number => Number(value.toFixed(value < 10 ? 2 : 0));
