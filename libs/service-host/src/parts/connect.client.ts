import { setTimeout as delay } from 'node:timers/promises';
import { inboxPrefix } from '@granary/contracts';
import { connectBroker, type Broker } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database, DatabaseMetersOptions } from '@granary/persistence';
import type { Identity } from '../access/identity.worker';
import type { BaseConfig, DatabaseConfig } from '../config/base-config';
import type { ServiceDefinition } from '../definition';
import type { Finding, HealthCheck } from '../health/health';
import { untilAvailable } from '../lifecycle/until-available';

export interface Connecting {
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly onWaiting: (reason: string | null) => void;
}

const clock = {
  now: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }),
};

/** Connects to NATS, however long it takes for a server to be there. */
export function connectToBroker({ name }: Pick<ServiceDefinition, 'name'>, config: BaseConfig, connecting: Connecting): Promise<Broker> {
  const { natsUrl, natsUser, natsPassword, natsCaFile: caFile, natsCertificateFile: certificateFile, natsKeyFile: keyFile } = config;
  const identity = { ...(natsUser === undefined ? {} : { user: natsUser }), ...(natsPassword === undefined ? {} : { password: natsPassword }) };
  return untilAvailable({
    ...clock,
    ...connecting,
    name: 'broker',
    attempt: () => connectBroker({ url: natsUrl, tls: { caFile, certificateFile, keyFile }, ...identity, name, inboxPrefix: inboxPrefix(name), log: connecting.log }),
  });
}

/** Connects to PostgreSQL, however long it takes for a server to be there, and brings the schema up to date. */
export async function connectToDatabase({ name, entities = [], migrations = [] }: Pick<ServiceDefinition, 'name' | 'entities' | 'migrations'>, config: DatabaseConfig, measured: Omit<DatabaseMetersOptions, 'poolSize'>, connecting: Connecting): Promise<Database> {
  // Loaded only by services that store something: TypeORM costs a fifth of a second and ten megabytes.
  const { createDatabaseMeters, openDatabase } = await import('@granary/persistence');
  const { databaseUrl, databasePool, databaseStatementTimeoutMs, databaseLockTimeoutMs, databaseIdleTimeoutMs } = config;
  const limits = { statementMs: databaseStatementTimeoutMs, lockMs: databaseLockTimeoutMs, idleInTransactionMs: databaseIdleTimeoutMs };
  const options = { url: databaseUrl, schema: name.replaceAll('-', '_'), applicationName: name, entities, migrations, poolSize: databasePool, limits, meters: createDatabaseMeters({ ...measured, poolSize: databasePool }), log: connecting.log };
  return untilAvailable({ ...clock, ...connecting, name: 'database', attempt: () => openDatabase(options) });
}

/** How long it takes at most until a service notices that auth is there. A question that nobody hears costs next to nothing. */
const AUTH_PAUSE_MS = 250;
/** All services start at the same time, so at first it is not there. */
const AUTH_GRACE_MS = 5_000;

/** Learns from auth who this service is and whom to believe, however long it takes for auth to be there, and keeps it up to date from then on. */
export async function learnFromAuth(identity: Pick<Identity, 'obtain' | 'start'>, connecting: Connecting): Promise<void> {
  await untilAvailable({ ...clock, ...connecting, name: 'auth service', longestPauseMs: AUTH_PAUSE_MS, graceMs: AUTH_GRACE_MS, attempt: identity.obtain });
  identity.start();
}

/** The broker answers a ping over the connection in use. */
export const brokerCheck = (broker: () => Broker | undefined): HealthCheck => ({
  name: 'broker',
  critical: true,
  check: async (): Promise<Finding> => {
    const connected = broker();
    if (connected === undefined) return { state: 'unhealthy', detail: 'not connected yet' };
    if (!connected.connected()) return { state: 'unhealthy', detail: 'the connection is lost and is being looked for' };
    const roundTripMs = await connected.connection.rtt();
    return { state: 'healthy', facts: { server: connected.connection.info?.version ?? '', roundTripMs } };
  },
});

/** The database answers a query over the pool in use. */
export const databaseCheck = (database: () => Database | null | undefined): HealthCheck => ({
  name: 'database',
  critical: true,
  check: async (): Promise<Finding> => {
    const open = database();
    if (!open) return { state: 'unhealthy', detail: 'not connected yet' };
    const { pending, ...seen } = await open.inspect();
    const facts = { ...seen, pending };
    // It came up without them only when somebody took them back.
    return pending.length === 0 ? { state: 'healthy', facts } : { state: 'degraded', detail: `${pending.length} migrations of this build are not applied: ${pending.join(', ')}`, facts };
  },
});
