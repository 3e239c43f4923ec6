import { EventEmitter } from 'node:events';
import { types } from 'node:util';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySchema, EntityTarget, MigrationInterface, ObjectLiteral } from 'typeorm';
import { certificateFault } from '@granary/messaging';
import type { Cause, HandledEvents, HeldDesk, HeldEvents, Inbox, Leases, Outbox, UnitOfWork } from '@granary/messaging';
import { lockNumber } from './advisory-lock';
import { burstSocket } from './burst-socket.client';
import { connectionLimits, withoutLimits } from './connection-limits';
import type { WaitingLimits } from './connection-limits';
import type { DatabaseCore } from './database-core';
import { readFigures } from './database-figures.store';
import type { DatabaseMeters } from './database-meters';
import { createHandled } from './handled.store';
import { createHeldStore } from './held.store';
import { createInbox } from './inbox.store';
import { inspect } from './inspect.store';
import type { Inspection } from './inspect.store';
import { createLeases } from './leases.store';
import { EventPath1700000000000 } from './migrations/event-path.migration';
import { EventPathTenants1700000000002 } from './migrations/event-path-tenants.migration';
import { OutboxBehind1700000000001 } from './migrations/outbox-behind.migration';
import { createOutbox } from './outbox.store';
import { createOutboxDesk } from './outbox-desk.store';
import type { OutboxDesk } from './outbox-desk.store';
import { EVERY_TENANT, EVERY_TENANT_OPTION, sightOf } from './sight';
import { statementNames } from './statement-names';
import { statementsOf } from './statements.client';
import { timedClient } from './timed-client.client';
import { poolState, timePool } from './timed-pool.client';
import { acrossTenants, withinTenant } from './unit-of-work.store';

const EVENT_PATH_MIGRATIONS = [EventPath1700000000000, OutboxBehind1700000000001, EventPathTenants1700000000002];

export type Migration = new () => MigrationInterface;
type Entity = EntityTarget<ObjectLiteral> & (string | (abstract new () => object) | EntitySchema);

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`; the user is the service's own role. */
  url: string;
  /** The schema that the service owns. */
  schema: string;
  applicationName: string;
  /** CloudEvents source of what is announced here. Default `granary/<applicationName>`. */
  source?: string;
  entities?: readonly Entity[];
  migrations?: readonly Migration[];
  /** Connections of the pool at most; those that idle for 30 s are closed. Default 8. */
  poolSize?: number;
  /** How long PostgreSQL may keep the service waiting. The address may name its own, in PostgreSQL's words: `?statement_timeout=10000`. */
  limits?: WaitingLimits;
  /** Announcements carry this clock's time. */
  now?: () => Date;
  /** Told of each statement of the pool, and asked to measure what is opened. Without it nothing is measured. */
  meters?: DatabaseMeters;
  log: Logger;
}

/** What sees and writes the rows of every tenant. Only for what has to, and never in the name of one of them. */
export interface Across {
  transact<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R>;
  /** Statements on their own. */
  readonly rows: EntityManager;
  dedicated(purpose: string): Promise<Client>;
}

export interface Database {
  /** What is asked here, outside of everything below, sees no row of a tenant. */
  readonly dataSource: DataSource;
  readonly schema: string;
  /** One transaction with its announcements, for work that no event brought: requests, polls, jobs. It sees and writes the rows of the cause's tenant alone. */
  transact<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R>;
  /** Statements on their own, each a transaction that sees and writes the rows of one tenant alone; in one round trip each. */
  of(tenant: string): EntityManager;
  /** A connection of its own outside the pool, for locks that live with it. The caller ends it. */
  dedicated(purpose: string): Promise<Client>;
  readonly across: Across;
  readonly outbox: Outbox;
  readonly outboxDesk: OutboxDesk;
  readonly inbox: Inbox;
  readonly leases: Leases;
  readonly held: HeldEvents;
  readonly heldDesk: HeldDesk;
  readonly handled: HandledEvents;
  /** Asks the database how it is, in one round trip. Rejects when it does not answer. */
  inspect(): Promise<Inspection>;
  close(): Promise<void>;
}

/** Connects, and brings the schema up to date: the tables of the event path first, then the service's own. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const core = createCore(options);
  try {
    await core.dataSource.initialize();
    if (options.meters) timePool(core.dataSource, options.meters);
    await migrate(core, options);
  } catch (error) {
    if (core.dataSource.isInitialized) await core.dataSource.destroy();
    throw asFault(error);
  }
  options.meters?.attach({ pool: () => poolState(core.dataSource), figures: () => readFigures(core) });
  const held = createHeldStore(core);
  return {
    dataSource: core.dataSource,
    schema: options.schema,
    transact: (cause, work) => withinTenant(core, cause, work),
    of: (tenant) => statementsOf(core.dataSource, sightOf(tenant)),
    dedicated: core.dedicated,
    across: { transact: (cause, work) => acrossTenants(core, cause, work), rows: statementsOf(core.dataSource, EVERY_TENANT), dedicated: core.dedicatedAcross },
    outbox: createOutbox(core),
    outboxDesk: createOutboxDesk(core),
    inbox: createInbox(core),
    leases: createLeases(core),
    held: held.events,
    heldDesk: held.desk,
    handled: createHandled(core),
    inspect: () => inspect(core),
    close: () => core.dataSource.destroy(),
  };
}

function createCore(options: DatabaseOptions): DatabaseCore {
  const { applicationName, log } = options;
  const limits = connectionLimits(options.limits);
  const session = sessionOf(options);
  const connectWith = (everyTenant: boolean) => async (purpose: string, settings: ClientConfig = {}) => {
    const client = new Client({ connectionString: options.url, ...sessionOf(options, { everyTenant }), application_name: `${applicationName} ${purpose}`, keepAlive: true, connectionTimeoutMillis: 5_000, ...settings });
    client.on('error', (error) => log.warn({ err: error, purpose }, 'a database connection was lost'));
    await client.connect();
    return client;
  };
  return {
    dataSource: new DataSource({ ...sourceOptions(options), poolSize: options.poolSize ?? 8, extra: { ...POOL, ...session, ...limits, ...(options.meters && { Client: timedClient(options.meters) }) } }),
    schema: options.schema,
    source: options.source ?? `granary/${applicationName}`,
    log,
    commits: new EventEmitter(),
    now: options.now ?? (() => new Date()),
    statementName: statementNames(),
    limits,
    dedicated: connectWith(false),
    dedicatedAcross: connectWith(true),
  };
}

const POOL = { pipeline: true, stream: burstSocket, keepAlive: true, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 };

const sessionOf = ({ applicationName, schema }: DatabaseOptions, { everyTenant = false } = {}) => ({ application_name: applicationName, options: `-c search_path=${schema}${everyTenant ? ` ${EVERY_TENANT_OPTION}` : ''}` });

function sourceOptions({ url, schema, entities = [], migrations = [], log }: DatabaseOptions) {
  return {
    type: 'postgres' as const,
    url,
    schema,
    synchronize: false,
    logging: false,
    entities: [...entities] as never,
    migrations: [...EVENT_PATH_MIGRATIONS, ...migrations],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each' as const,
    // Without a listener an idle connection that the server ends would end the process.
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'an idle database connection was lost'),
  };
}

/** Replicas that start together migrate one after the other. */
async function migrate(core: DatabaseCore, options: DatabaseOptions): Promise<void> {
  const guard = await core.dedicated('migrations', { connectionString: withoutLimits(options.url) });
  try {
    // The lock ends with its connection.
    await guard.query('select pg_advisory_lock($1)', [lockNumber('migrate', core.schema)]);
    if (await seesEverything(guard)) core.log.warn('the database role of this service is a superuser or bypasses row-level security, so that only its own queries keep tenants apart; give it a role without either');
    if (await core.dataSource.showMigrations()) await runMigrations(options);
  } finally {
    await guard.end();
  }
}

/** No policy binds such a role. */
async function seesEverything(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ everything: boolean }>('select rolsuper or rolbypassrls as everything from pg_roles where rolname = current_user');
  return rows[0]?.everything === true;
}

/** On connections of their own, which may take as long as they need, and change the rows of every tenant. */
async function runMigrations(options: DatabaseOptions): Promise<void> {
  const source = new DataSource({ ...sourceOptions(options), url: withoutLimits(options.url), poolSize: 2, extra: sessionOf(options, { everyTenant: true }) });
  try {
    await source.initialize();
    const applied = await source.runMigrations();
    options.log.info({ migrations: applied.map((migration) => migration.name) }, 'schema brought up to date');
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

const REFUSED = new Set(['28P01', '28000', '3D000', '42501', '3F000']);

const DATABASE_WORDS = { server: 'PostgreSQL', code: 'database', address: 'GRANARY_DATABASE_URL', ca: 'its parameter sslrootcert', own: 'its parameters sslcert and sslkey' };

function asFault(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const untrusted = certificateFault(error, DATABASE_WORDS);
  if (untrusted !== null) return untrusted;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (REFUSED.has(code)) return Fault.permanent('database-refused', `PostgreSQL refuses the service: ${error.message}. Check GRANARY_DATABASE_URL and that role, database and schema exist`, { cause: error });
  const away = code.startsWith('ECONN') || code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code.startsWith('57P') || code.startsWith('08') || /timeout|terminated|AggregateError/i.test(error.message);
  if (away || error.name === 'AggregateError') return Fault.transient('database-unreachable', `no PostgreSQL answers at the address in GRANARY_DATABASE_URL (${code || error.message})`, { cause: error });
  return error;
}
