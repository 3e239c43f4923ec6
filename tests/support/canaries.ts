// Secrets that nobody has a use for, put in where people put secrets by mistake, and searched for wherever something is kept or shown.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { callSubject, inboxPrefix } from '@granary/contracts';
import { RPC_HEADERS } from '@granary/messaging';
import { connect, headers as natsHeaders } from '@nats-io/transport-node';
import { granaryIn } from './granary.ts';
import { allTables } from './tables.ts';

/** What each entrance was given, by its name: a secret of its own, in the shape of a token. */
export const canaries = new Map<string, string>();

export function canary(entrance: string): string {
  const made = `ghp_Canary${randomUUID().replaceAll('-', '')}`.slice(0, 40);
  canaries.set(entrance, made);
  return made;
}

interface Platform {
  readonly url: string;
  readonly services: Readonly<Record<string, { readonly url: string }>>;
  readonly data: string;
  /** An API key that may do everything of a tenant. */
  readonly key: string;
}

/** Puts a secret in through every entrance, as people do by mistake. What an answer says of it goes to the answers. */
export async function leakEverywhere({ url, services, data, key: by }: Platform): Promise<Map<string, string>> {
  const ghost = '01976c2e-8a00-7b3c-9d4e-5f60718293a4';
  const answers = new Map<string, string>();
  const put = async (entrance: string, asking: (secret: string) => Promise<Response>) => {
    const response = await asking(canary(entrance));
    answers.set(entrance, `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
  };
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${by}`, ...headers } });
  const post = (path: string, body: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json', ...headers }, body });
  const json = (path: string, body: object) => post(path, JSON.stringify(body));
  const event = (data: object, more: object = {}) => JSON.stringify({ specversion: '1.0', id: randomUUID(), source: 'urn:agents:local-operator', type: 'error.occurred.v1', partitionkey: 'canary', data: { errorId: 'e', component: 'c', severity: 'error', code: 'c', message: 'm', retryable: false, ...data }, ...more });
  const ofEvents = { 'content-type': 'application/cloudevents+json' };

  await put('a bearer token', (secret) => get('/v1/me', { authorization: `Bearer ${secret}` }));
  await put('basic credentials', (secret) => get('/v1/me', { authorization: `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}` }));
  await put('a cookie', (secret) => get('/v1/me', { cookie: `sid=${secret}` }));
  await put('an unknown header', (secret) => get('/v1/me', { 'x-api-key': secret, 'user-agent': `tool password=${secret}` }));
  await put('headers of traces', (secret) => get('/v1/me', { traceparent: `00-${secret}`, baggage: `token=${secret},granary.task=${secret}/..`, tracestate: `a=${secret}` }));
  await put('ids of a caller', (secret) => post('/v1/principals', JSON.stringify({ kind: 'person', name: 'canary-by-id', password: 'x'.repeat(16), grants: [{ role: 'reader', repositories: 'all' }] }), { 'x-request-id': secret, 'x-correlation-id': secret, 'idempotency-key': secret, baggage: `granary.task=${secret},granary.run=${secret}` }));
  await put('a query', (secret) => get(`/v1/jobs?access_token=${secret}`));
  await put('a value of a query', (secret) => get(`/v1/jobs?repository=${secret}&limit=${secret}`));
  await put('a path', (secret) => get(`/v1/repositories/${secret}/graph`));
  await put('an unknown path', (secret) => get(`/${secret}/x?token=${secret}`));
  await put('a path of an id', (secret) => get(`/v1/jobs/${secret}`));
  await put('a path outside of the edge', (secret) => fetch(`${services['harvester']?.url}/health/${secret}?password=${secret}`));
  await put('a body that is no JSON', (secret) => post('/v1/repositories', `{"password": ${secret}`));
  await put('an unknown field', (secret) => json('/v1/repositories', { location: 'https://git.example/r', password: secret }));
  await put('the name of a field', (secret) => json('/v1/repositories', { location: 'https://git.example/r', [secret]: 1 }));
  await put('a wrong password', (secret) => json('/v1/sessions', { tenant: 'default', name: 'admin', password: secret }));
  await put('a password in the place of a name', (secret) => json('/v1/sessions', { tenant: 'default', name: secret, password: 'x'.repeat(12) }));
  await put('a tenant', (secret) => json('/v1/sessions', { tenant: secret, name: 'admin', password: 'x'.repeat(12) }));
  await put('a refresh token', (secret) => json('/v1/sessions/refresh', { refreshToken: `granr_${'0'.repeat(32)}_${secret.replaceAll('_', '')}` }));
  await put('an API key', (secret) => json('/v1/keys/exchange', { key: `gran_0123456789ABCDEF_${secret.replaceAll('_', '')}` }));
  await put('a new password', (secret) => json('/v1/principals', { kind: 'person', name: 'canary', password: `${secret} and more`, grants: [{ role: 'reader', repositories: 'all' }] }));
  await put('the address of a repository', (secret) => json('/v1/repositories', { location: `https://ada:${secret}@127.0.0.1:1/r.git` }));
  await put('an address with a token in its query', (secret) => json('/v1/repositories', { location: `https://git.example/r?private_token=${secret}` }));
  await put('a refused event', (secret) => post('/v1/events', event({ [secret]: secret }), ofEvents));
  await put('an attribute of an event', (secret) => post('/v1/events', event({}, { [`x${secret.toLowerCase().replaceAll('_', '')}`]: secret }), ofEvents));
  await put('an admitted event', (secret) => post('/v1/events', event({ message: `no connection to postgres://ada:${secret}@db/app` }), ofEvents));
  await put('the reason of an operator', (secret) => json(`/v1/services/normalizer/held/normalizer/1/discard`, { reason: `password=${secret}` }));
  await put('an etag', (secret) => fetch(`${url}/v1/principals/${ghost}/grants`, { method: 'PUT', headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json', 'if-match': `"${secret}"` }, body: '{"grants":[]}' }));
  const cli = await granaryIn(data).run('repos', 'add', `https://ada:${canary('an argument')}@127.0.0.1:1/other.git`);
  answers.set('an argument', cli.stdout + cli.stderr);
  return answers;
}

export interface Brokers {
  readonly nats: { readonly url: string };
  readonly publishers: readonly { readonly user: string; readonly password: string; readonly inboxPrefix: string; readonly subject: string }[];
  readonly operator: { readonly user: string; readonly password: string };
}

/** The same for who reaches the broker: other programs with their events, and operators with their calls. */
export async function leakOverNats({ nats, publishers: [publisher], operator }: Brokers): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const named = (values: Readonly<Record<string, string>>) => {
    const made = natsHeaders();
    for (const [name, value] of Object.entries(values)) made.set(name, value);
    return made;
  };
  if (publisher === undefined) throw new Error('no program may publish over NATS');
  const program = await connect({ servers: nats.url, user: publisher.user, pass: publisher.password, inboxPrefix: publisher.inboxPrefix });
  const put = async (entrance: string, body: (secret: string) => string, more: (secret: string) => Record<string, string> = () => ({})) => {
    const secret = canary(entrance);
    const attributes = named({ 'ce-specversion': '1.0', 'ce-id': randomUUID(), 'ce-source': 'urn:agents:publisher', 'ce-type': 'task.started.v1', ...more(secret) });
    const answer = await program.request(publisher.subject, body(secret), { headers: attributes, timeout: 20_000 });
    answers.set(entrance, `${answer.headers?.toString() ?? ''} ${answer.string()}`);
  };
  const started = JSON.stringify({ taskId: 'canary', attempt: 1 });
  await put('an event over NATS that is refused', (secret) => JSON.stringify({ taskId: 'canary', attempt: 1, password: secret, [secret]: 1 }));
  await put('an event over NATS that is no JSON', (secret) => `{"password": ${secret}`);
  await put('the type of an event over NATS', () => started, (secret) => ({ 'ce-type': `${secret}.v1` }));
  await put('headers of an event over NATS', () => started, (secret) => ({ authorization: `Bearer ${secret}`, traceparent: `00-${secret}`, baggage: `token=${secret}` }));
  await program.close();

  const direct = await connect({ servers: nats.url, user: operator.user, pass: operator.password, inboxPrefix: inboxPrefix(operator.user) });
  const entrance = 'a call over NATS';
  const secret = canary(entrance);
  const calls = [
    { token: secret, body: '{}' },
    { token: '', body: `{"password": ${secret}` },
    { token: '', body: JSON.stringify({ tenant: 'default', name: 'admin', password: secret, [secret]: 1 }) },
    { token: '', body: JSON.stringify({ tenant: 'default', name: 'admin', password: 'x'.repeat(12) }), more: { [RPC_HEADERS.correlation]: secret, [RPC_HEADERS.baggage]: `granary.run=${secret}` } },
  ];
  const said = await Promise.all(calls.flatMap(({ token, body, more = {} }) => (['auth.session.create', 'harvester.repository.add'] as const).map(async (operation) => (await direct.request(callSubject(operation, operator.user), body, { headers: named({ [RPC_HEADERS.tenant]: 'default', [RPC_HEADERS.token]: token, ...more }), timeout: 20_000 })))));
  answers.set(entrance, said.map((answer) => `${answer.headers?.toString() ?? ''} ${answer.string()}`).join('\n'));
  await direct.close();
  return answers;
}

/** The evidence that operators hand on, as text. */
export async function supportBundle(data: string): Promise<string> {
  const file = join(data, 'canaries.tar.gz');
  await granaryIn(data).json('support-bundle', '--out', file);
  return gunzipSync(readFileSync(file)).toString('latin1');
}

/** Where a canary may be found, by rights. */
const KEPT: readonly { readonly entrance: string; readonly sink: RegExp; readonly why: string }[] = [
  { entrance: 'an admitted event', sink: /^table audit\.(?:log_|event)/, why: 'what a publisher says is kept as it was said: the log is evidence' },
];

export interface Found {
  readonly entrance: string;
  readonly sink: string;
}

export const isKept = ({ entrance, sink }: Found): boolean => KEPT.some((kept) => kept.entrance === entrance && kept.sink.test(sink));

/** Where which secret came out, by the names of both. */
export function findCanaries(sinks: ReadonlyMap<string, string>): Found[] {
  // Also of what was cut short at its beginning.
  return [...sinks].flatMap(([sink, text]) => [...canaries].filter(([, secret]) => text.includes(secret.slice(4))).map(([entrance]) => ({ entrance, sink })));
}

/** Tables, files of the data folder (among them all logs) and metrics of a platform, each as text. */
export async function readSinks({ data, services, databaseUrl, repository }: Pick<Platform, 'data' | 'services'> & { readonly databaseUrl: string; /** Holds secrets by itself. */ readonly repository: string }): Promise<Map<string, string>> {
  const sinks = new Map<string, string>();
  for (const [name, { url }] of Object.entries(services)) sinks.set(`metrics of ${name}`, await (await fetch(`${url}/metrics`)).text());
  for (const [name, text] of Object.entries(await allTables(data, databaseUrl))) sinks.set(`table ${name}`, text);
  for (const file of readdirSync(data, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name).slice(data.length + 1);
    // What the database and the broker keep is read through them: tables above, the stream by way of the log. A mirror is the repository itself.
    if (file.isFile() && !file.parentPath.startsWith(repository) && !/^(?:postgres|nats|backups)\/|\/mirrors\//.test(path)) sinks.set(`file ${path}`, readFileSync(join(data, path), 'latin1'));
  }
  return sinks;
}
