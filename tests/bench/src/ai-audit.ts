// The AI audit in figures: how fast it reads the log, and what searches and sums of a month of calls take.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectClient, type Client } from '@granary/client';
import { accessDocuments, eventExamples, publishSubject, type AccessDocument, type Envelope, type EventType, type ModelPrices } from '@granary/contracts';
import { createPublisher, MAX_BATCH, messageId, type WireEvent } from '@granary/messaging';
import { Client as Postgres } from 'pg';
import { v7 } from 'uuid';
import { startServers, type Servers } from '../../support/servers.ts';
import { firstCredentials, serviceProcess, type FirstCredentials, type ServiceProcess } from '../../support/services.ts';
import { perSecond, quantile } from './figures.ts';

const SERVICES = fileURLToPath(new URL('../../../services', import.meta.url));
const [DAYS, MODELS, REPOSITORIES, TRIES] = [30, 20, 200, 30];
const PATIENCE_MS = 1_200_000;
const TENANT = 'default';

const repositories = Array.from({ length: REPOSITORIES }, () => v7());
const providerOf = (i: number) => `provider-${(i % MODELS) % 5}`;
const modelOf = (i: number) => `model-${i % MODELS}`;

/** @param quick fewer events, to see that everything works */
export async function benchAiAudit(quick: boolean): Promise<Record<string, unknown>> {
  const total = quick ? 20_000 : 1_000_000;
  const first = firstCredentials();
  const access = Object.fromEntries(['audit', 'auth', 'gateway', 'operator'].map((name) => [name, accessDocuments[name] as AccessDocument]));
  const servers = await startServers({ access });
  const make = (name: string) => serviceProcess({ servers, folder: SERVICES, name, first });
  const [audit, auth] = await Promise.all([make('audit'), make('auth')]);
  try {
    await Promise.all([audit.start(), auth.start()]);
    return await measure({ servers, audit, first, total });
  } finally {
    await Promise.all([audit.end(), auth.end()]);
    await servers.stop();
  }
}

interface Bench {
  readonly servers: Servers;
  readonly audit: ServiceProcess;
  readonly first: FirstCredentials;
  readonly total: number;
}

async function measure({ servers, audit, first, total }: Bench): Promise<Record<string, unknown>> {
  const client = await connectClient({ url: servers.natsUrl, user: 'operator', password: servers.password, key: first.key });
  const admin = new Postgres({ connectionString: servers.databaseUrl(), options: '-c search_path=audit' });
  await admin.connect();
  try {
    await setPrices(client, 'first', '0.25');
    await publish(servers, total);
    await until(admin, 'select exists (select 1 from event_log where epoch = 1 and sequence >= $1) as done', [total]);
    await audit.end();
    await spread(admin, total);
    await audit.start();
    const projected = await projection(admin, total);
    const searches = await timeSearches(client);
    const summaries = await timeSummaries(client, await lastDay(admin));
    const begun = performance.now();
    await setPrices(client, 'second', '0.50');
    await until(admin, 'select not exists (select 1 from ai_repricing) as done');
    const calls = Number((await admin.query<{ calls: string }>(`select count(*) as calls from ai_record where kind = 'invocation'`)).rows[0]?.calls);
    const repriced = Math.round(perSecond(calls, begun));
    return { 'events of the log': total, 'read into records and sums /s': projected, 'calls reckoned again /s': repriced, searches, summaries, ...(await sizes(admin)) };
  } finally {
    await Promise.all([client.close(), admin.end()]);
  }
}

async function setPrices(client: Client, version: string, input: string): Promise<void> {
  // One model stays without a price.
  const models: ModelPrices[] = Array.from({ length: MODELS - 1 }, (_, i) => ({ provider: providerOf(i), model: modelOf(i), prices: { input, output: '10' } }));
  await client.call('audit.price.set', { version, effectiveFrom: '2000-01-01T00:00:00Z', models });
}

/** Of a hundred events 88 are calls, 8 safety checks, 2 personal data, 2 rejected answers. */
function eventOf(i: number): WireEvent {
  const context = { repositoryId: repositories[i % REPOSITORIES] as string };
  const place = i % 100;
  if (place < 88) return wire('ai.model-invoked.v1', i, { invocationId: `call-${i}`, provider: providerOf(i), model: modelOf(i), operation: 'chat', status: place === 7 ? 'timeout' : 'ok', latencyMs: 500 + (i % 1_000), usage: { input: 1_000 + (i % 500), output: 100 }, cost: undefined, context });
  if (place < 96) return wire('safety.checked.v1', i, { checkId: `check-${i}`, invocationId: `call-${i - 50}`, risk: i % 5_000 === 88 ? 'critical' : 'low', context });
  if (place < 98) return wire('pii.handled.v1', i, { handlingId: `handling-${i}`, invocationId: `call-${i - 50}`, context });
  return wire('ai.output-rejected.v1', i, { invocationId: `call-${i - 50}`, provider: providerOf(i), model: modelOf(i), context });
}

function wire(type: EventType, i: number, data: object): WireEvent {
  const example = eventExamples[type] as Envelope;
  const event = { ...example, id: v7(), tenantid: TENANT, partitionkey: `task-${i % 1_000}`, data: { ...(example.data as object), ...data } };
  return { subject: publishSubject(TENANT, type, event.partitionkey), messageId: messageId(event), body: JSON.stringify(event) };
}

async function publish(servers: Servers, total: number): Promise<void> {
  const broker = await servers.connect('gateway');
  const publisher = createPublisher(broker.connection);
  for (let from = 0; from < total; from += MAX_BATCH) {
    const batch = Array.from({ length: Math.min(MAX_BATCH, total - from) }, (_, at) => eventOf(from + at));
    if ((await publisher.publishBatch(batch)).state === 'refused') throw new Error('a batch was refused');
  }
  await broker.close();
}

/** As if the events had come over a month, and had not been read yet. */
async function spread(admin: Postgres, total: number): Promise<void> {
  await admin.query('set session_replication_role = replica');
  await admin.query(`update event_log set stored_at = stored_at - (${DAYS - 1} - least(${DAYS - 1}, sequence * ${DAYS} / ${total})) * interval '1 day'`);
  await admin.query('set session_replication_role = origin');
  await admin.query('truncate ai_record, ai_day, ai_label, ai_dirty_day');
  await admin.query('update ai_cursor set epoch = 0, sequence = 0, read_up_to = null');
  await admin.query('vacuum analyze event_log');
}

/** Records a second, from the first that show. */
async function projection(admin: Postgres, total: number): Promise<number> {
  const sequence = async () => Number((await admin.query<{ sequence: string }>('select sequence from ai_cursor')).rows[0]?.sequence);
  let from = await sequence();
  while (from === 0) {
    await delay(10);
    from = await sequence();
  }
  const begun = performance.now();
  await until(admin, 'select sequence >= $1 as done from ai_cursor', [total]);
  const rate = perSecond(total - from, begun);
  await admin.query('vacuum analyze ai_record, ai_day, ai_label');
  return Math.round(rate);
}

async function lastDay(admin: Postgres): Promise<string> {
  const { rows } = await admin.query<{ day: string }>('select max(day)::text as day from ai_day');
  return rows[0]?.day ?? '';
}

type Timed = { 'p50 ms': number; 'p95 ms': number };

/** By calls, from the question to the answer, one after the other. */
async function time(ask: (turn: number) => Promise<unknown>): Promise<Timed> {
  const took: number[] = [];
  for (let turn = 0; turn < TRIES; turn += 1) {
    const begun = performance.now();
    await ask(turn);
    took.push(performance.now() - begun);
  }
  const rounded = (p: number) => Math.round(quantile(took, p) * 10) / 10;
  return { 'p50 ms': rounded(0.5), 'p95 ms': rounded(0.95) };
}

async function timeSearches(client: Client): Promise<Record<string, Timed>> {
  const search = (request: object) => client.call('audit.record.search', { limit: 50, ...request });
  const middle = new Date(Date.now() - (DAYS / 2) * 86_400_000).toISOString();
  return {
    'the newest fifty': await time(() => search({})),
    'of one repository': await time((turn) => search({ repository: repositories[turn % REPOSITORIES] })),
    'of one model, two weeks ago': await time((turn) => search({ kind: 'invocation', model: modelOf(turn), until: middle })),
    'of critical risk': await time(() => search({ risk: 'critical' })),
    'calls without a cost': await time(() => search({ unpriced: true })),
    'timeouts of one provider': await time((turn) => search({ outcome: 'timeout', provider: providerOf(turn) })),
    'of a provider that there is not': await time(() => search({ provider: 'nobody' })),
    'about one call': await time((turn) => search({ invocation: `call-${turn * 100 + 38}` })),
  };
}

async function timeSummaries(client: Client, to: string): Promise<Record<string, Timed>> {
  const from = new Date(Date.parse(to) - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  const sum = (by: ('day' | 'provider' | 'model' | 'repository' | 'risk')[], request: object = {}) => client.call('audit.summary.show', { from, to, by, ...request });
  return {
    'the whole month': await time(() => sum([])),
    'by day': await time(() => sum(['day'])),
    'by provider and model': await time(() => sum(['provider', 'model'])),
    'by repository, with the month before': await time(() => sum(['repository'], { compare: true })),
    'by day and risk, of safety checks': await time(() => sum(['day', 'risk'], { kind: 'safety-check' })),
    'report of the month': await time(() => client.call('audit.report.show', { month: to.slice(0, 7), format: 'markdown' })),
  };
}

async function sizes(admin: Postgres): Promise<Record<string, unknown>> {
  const { rows } = await admin.query<{ records: string; sums: string; mb: number }>(`select (select count(*) from ai_record) as records, (select count(*) from ai_day) as sums, (pg_total_relation_size('ai_record') / 1000000)::int as mb`);
  return { records: Number(rows[0]?.records), 'rows of sums': Number(rows[0]?.sums), 'records with indexes, MB': rows[0]?.mb };
}

async function until(admin: Postgres, question: string, values: unknown[] = []): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  while ((await admin.query<{ done: boolean }>(question, values)).rows[0]?.done !== true) {
    if (performance.now() > patience) throw new Error(`this did not come true within ${PATIENCE_MS / 1_000} s: ${question}`);
    await delay(50);
  }
}
