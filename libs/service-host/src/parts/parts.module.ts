import { setTimeout as delay } from 'node:timers/promises';
import { createPublisher, createRpcClient, heldRpcs, serveRpcs, startConsumers, startRelay, unhandledRpcs, type Broker, type HeldService, type RpcClient, type RpcGuard, type RpcHandler, type TellingService } from '@granary/messaging';
import { consumersOf, type AccessDocument, type AuditObjectiveReportRequest } from '@granary/contracts';
import { OBJECTIVES, type Logger, type Metrics, type SlowWatch } from '@granary/observability';
import type { Database } from '@granary/persistence';
import type { BaseConfig, DatabaseConfig } from '../config/base-config';
import type { Host, ServiceDefinition, Task, Wired } from '../definition';
import { v7 } from 'uuid';
import { createIdentity, demandIdentityCalls } from '../access/identity.worker';
import { createReports, type Refusals } from '../access/refusals.worker';
import { createGuard } from '../access/rpc.guard';
import { createTokens, type Tokens } from '../access/tokens.guard';
import type { HttpServer } from '../http/http.module';
import type { Probe } from '../health/probe';
import type { Vitals } from '../health/vitals';
import type { Shutdown } from '../lifecycle/shutdown';
import { tallyTask } from '../tally/tally.worker';
import { brokerCheck, connectToBroker, connectToDatabase, databaseCheck, learnFromAuth, type Connecting } from './connect.client';
import { measureBroker, measureDisks } from './measure.client';
import { outboxRpcs, type OutboxService } from './outbox.handler';
import { pruneTask } from './prune.worker';
import { replaySource } from './replay.client';
import { rpcTable } from './rpc-table';

export interface PartsOptions<C extends object> {
  readonly definition: ServiceDefinition<C>;
  readonly access: AccessDocument;
  readonly config: Readonly<C & BaseConfig & DatabaseConfig>;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly slow: SlowWatch;
  readonly http: HttpServer;
  readonly probe: Probe;
  readonly vitals: Vitals;
  readonly shutdown: Shutdown;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Starts everything a service is made of, in order; `shutdown` stops it in the opposite one. The one file where the libraries meet. */
export async function startParts<C extends object>(options: PartsOptions<C>): Promise<Host<C>> {
  const { definition, access, config, log, metrics, slow, http, probe, shutdown, signal } = options;
  const { broker, database } = await connect(options);
  const caller = definition.trust === 'own' ? null : identify(options, broker);
  const host = createHost(options, broker, database, caller);

  const wired = await definition.wire(host);
  for (const check of wired.checks ?? []) probe.add(check);
  measureDisks(metrics, wired.disks ?? {}, config.metricsKeepMs);
  const rpcs = rpcTable(access, wired.rpcs ?? [], database === null ? [] : deskRpcs(definition.name, access, database));
  signal.throwIfAborted();

  if (database !== null) {
    const relay = startRelay({ outbox: database.outbox, publisher: createPublisher(broker.connection), log, metrics });
    shutdown.add({ name: 'relay', stop: () => relay.stop(config.shutdownTimeoutMs / 8) });
  }
  // Before it is known whom to believe, the guard says so: whoever calls tries again.
  const server = serveRpcs({ broker, service: definition.name, handlers: rpcs, log, metrics, slow, guard: guardOf(options, wired, caller) });
  shutdown.add({ name: 'rpc server', stop: () => server.stop() });

  for (const task of [...(wired.tasks ?? []), ...(database === null ? [] : [pruneTask(database, log, options.now)]), ...tallies(options, host.rpc)]) {
    await task.start();
    shutdown.add({ name: `task ${task.name}`, stop: () => task.stop(), ...(task.drain && { drain: () => task.drain?.() ?? Promise.resolve() }) });
    signal.throwIfAborted();
  }
  // Handlers of events call other services, which asks for a token.
  await caller?.known;
  if (database !== null) {
    const { inbox, leases, held } = database;
    const replay = replaySource({ rpc: host.rpc, broker, access, log });
    const consumers = startConsumers({ broker, access, subscriptions: wired.subscriptions ?? [], inbox, leases, held, log, metrics, slow, objectiveMs: config.deliveryObjectiveMs, figuresKeepMs: config.metricsKeepMs, ...(replay && { replay }) });
    shutdown.add({ name: 'consumers', stop: () => consumers.stop(config.shutdownTimeoutMs / 3), drain: () => consumers.stop(DRAIN_MS) });
  }
  // A ready service is called, so the broker has to know what it answers; it reads in order. One that is gone meanwhile hears of it when it is back.
  await Promise.race([broker.connection.flush().catch(() => undefined), delay(HEARD_MS, undefined, { ref: false })]);
  await http.open(wired.routes ?? { controllers: wired.controllers ?? [], providers: wired.providers ?? [] });
  shutdown.add({ name: 'routes', stop: http.shut });
  return host;
}

const HEARD_MS = 5_000;

/** Longer than a handler has for one event: what still runs then is stuck. */
const DRAIN_MS = 120_000;

/** A service that asks auth who it is and whom to believe. */
interface Caller {
  readonly rpc: RpcClient;
  readonly tokens: Tokens;
  readonly reports: Refusals;
  /** Resolves when both are known for the first time. */
  readonly known: Promise<void>;
}

/** Begins to ask auth, beside everything else that has to be started. */
function identify<C extends object>({ access, config, log, probe, vitals, shutdown, signal, now }: PartsOptions<C>, broker: Broker): Caller {
  demandIdentityCalls(access);
  const identity = createIdentity({ rpc: createRpcClient({ broker }), everyMs: config.trustRefreshMs, log, now });
  probe.add(identity.check);
  const rpc = createRpcClient({ broker, tenant: config.tenant, token: identity.token });
  const reports = createReports({ report: (refusals) => rpc.call('auth.refusal.report', { refusals }), log, now });
  shutdown.add({ name: 'identity', stop: identity.stop });
  shutdown.add({ name: 'reports of refusals', stop: reports.stop });
  const known = learnFromAuth(identity, { signal, log, onWaiting: (reason) => vitals.move({ state: 'starting', waitingFor: reason === null ? [] : [`auth: ${reason}`] }) });
  // Whoever waits for it learns that it failed.
  known.catch(() => undefined);
  return { rpc, tokens: createTokens(identity, now), reports, known };
}

/** What of the objectives happens here is told to audit, where the access document says so. */
function tallies<C extends object>({ definition, access, config, metrics, log, now }: PartsOptions<C>, rpc: RpcClient): Task[] {
  if (!access.calls.includes('audit.objective.report')) return [];
  const report = (tally: AuditObjectiveReportRequest) => rpc.call('audit.objective.report', tally, { timeoutMs: config.shutdownTimeoutMs / 4 });
  return [tallyTask({ objectives: OBJECTIVES, metrics, service: definition.name, report, log, now, instance: v7(), everyMs: config.tallyEveryMs })];
}

function guardOf<C extends object>({ definition, now }: PartsOptions<C>, { trust }: Wired, caller: Caller | null): RpcGuard {
  if (caller !== null) return createGuard({ tokens: caller.tokens, refusals: caller.reports });
  if (trust === undefined) throw new Error(`${definition.name} is defined with trust: 'own' and wires none`);
  return createGuard({ tokens: createTokens(trust, now), refusals: trust });
}

/** What operators do with events that could not be handled, and with announcements that could not be published; and which events are still to be handled. */
function deskRpcs(service: string, access: AccessDocument, { heldDesk, outboxDesk, handled }: Database): RpcHandler[] {
  return [...heldRpcs(service as HeldService, heldDesk), ...outboxRpcs(service as OutboxService, outboxDesk), ...unhandledRpcs(service as TellingService, access, handled)];
}

interface Connections {
  readonly broker: Broker;
  /** Null for a service that stores nothing. */
  readonly database: Database | null;
}

/** Looks for broker and database side by side, and says which of them it waits for. */
async function connect<C extends object>({ definition, access, config, log, metrics, slow, probe, vitals, shutdown, signal }: PartsOptions<C>): Promise<Connections> {
  const stores = definition.database !== 'none';
  const connected: { broker?: Broker; database?: Database | null } = {};
  probe.add(brokerCheck(() => connected.broker));
  if (stores) probe.add(databaseCheck(() => connected.database));

  const foundBroker = measureBroker(metrics);
  const measured = { metrics, slow, groups: consumersOf(access).map(({ consumer, group }) => ({ consumer, group })), keepMs: config.metricsKeepMs };
  const failed = new AbortController();
  const reasons = new Map<string, string>();
  const lookFor = async <R>(name: string, look: (connecting: Connecting) => Promise<R>): Promise<R> => {
    const onWaiting = (reason: string | null) => {
      if (reason === null) reasons.delete(name);
      else reasons.set(name, `${name}: ${reason}`);
      vitals.move({ state: 'starting', waitingFor: [...reasons.values()] });
    };
    return look({ signal: AbortSignal.any([signal, failed.signal]), log, onWaiting }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  };
  const [database, broker] = await Promise.allSettled([
    stores ? lookFor('database', async (connecting) => (connected.database = await connectToDatabase(definition, config, measured, connecting))) : null,
    lookFor('broker', async (connecting) => (connected.broker = await connectToBroker(definition, config, connecting))),
  ]);
  for (const [name, found] of [['database', database] as const, ['broker', broker] as const]) {
    if (found.status === 'fulfilled' && found.value !== null) shutdown.add({ name, stop: found.value.close });
  }
  if (database.status === 'rejected' || broker.status === 'rejected') throw failed.signal.reason;
  signal.throwIfAborted();
  foundBroker(broker.value);
  return { broker: broker.value, database: database.value };
}

function createHost<C extends object>({ definition, config, log, metrics, slow, vitals, signal, now }: PartsOptions<C>, broker: Broker, database: Database | null, caller: Caller | null): Host<C> {
  return {
    name: definition.name,
    config,
    log,
    broker,
    metrics,
    slow,
    now,
    health: () => vitals.summary(),
    tenant: config.tenant,
    stopping: signal,
    rpc: caller?.rpc ?? createRpcClient({ broker, tenant: config.tenant }),
    get tokens() {
      if (caller === null) throw new Error(`${definition.name} is defined with trust: 'own'`);
      return caller.tokens;
    },
    get database() {
      if (database === null) throw new Error(`${definition.name} is defined with database: 'none'`);
      return database;
    },
  };
}
