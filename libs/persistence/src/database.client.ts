import { EventEmitter } from 'node:events';
import { types } from 'node:util';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { EntitySchema, EntityTarget, MigrationInterface, ObjectLiteral, QueryRunner } from 'typeorm';
import type { Cause, HeldDesk, HeldEvents, Inbox, Leases, Outbox, UnitOfWork } from '@granary/messaging';
import { lockNumber } from './advisory-lock';
import { burstSocket } from './burst-socket.client';
import type { DatabaseCore } from './database-core';
import { createHeldStore } from './held.store';
import { createInbox } from './inbox.store';
import { createLeases } from './leases.store';
import { EventPath1700000000000 } from './migrations/event-path.migration';
import { createOutbox } from './outbox.store';
import { runUnit } from './unit-of-work.store';

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
  /** Connections of the pool. Default 4. */
  poolSize?: number;
  /** Announcements carry this clock's time. */
  now?: () => Date;
  log: Logger;
}

export interface Database {
  readonly dataSource: DataSource;
  readonly schema: string;
  /** One transaction with its announcements, for work that no event brought: requests, polls, jobs. */
  transact<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R>;
  /** A connection of its own outside the pool, for locks that live with it and for COPY. The caller ends it. */
  dedicated(purpose: string): Promise<Client>;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly leases: Leases;
  readonly held: HeldEvents;
  readonly heldDesk: HeldDesk;
  close(): Promise<void>;
}

/** Connects, and brings the schema up to date: the tables of the event path first, then the service's own. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const core = createCore(options);
  try {
    await core.dataSource.initialize();
    await migrate(core);
  } catch (error) {
    if (core.dataSource.isInitialized) await core.dataSource.destroy();
    throw asFault(error);
  }
  const outbox = createOutbox(core);
  const held = createHeldStore(core);
  return {
    dataSource: core.dataSource,
    schema: options.schema,
    transact: (cause, work) => runUnit(core, (unit) => work(unit.for(cause))),
    dedicated: core.dedicated,
    outbox,
    inbox: createInbox(core),
    leases: createLeases(core),
    held: held.events,
    heldDesk: held.desk,
    close: () => core.dataSource.destroy(),
  };
}

function createCore(options: DatabaseOptions): DatabaseCore {
  const { schema, applicationName, log } = options;
  const session = { application_name: applicationName, options: `-c search_path=${schema}` };
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    schema,
    synchronize: false,
    logging: false,
    entities: [...(options.entities ?? [])] as never,
    migrations: [EventPath1700000000000, ...(options.migrations ?? [])],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    poolSize: options.poolSize ?? 4,
    extra: { ...session, pipeline: true, stream: burstSocket, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 },
    // Without a listener an idle connection that the server ends would end the process.
    poolErrorHandler: (error: unknown) => log.warn({ err: error }, 'an idle database connection was lost'),
  });
  return {
    dataSource,
    schema,
    source: options.source ?? `granary/${applicationName}`,
    log,
    commits: new EventEmitter(),
    now: options.now ?? (() => new Date()),
    async dedicated(purpose) {
      const client = new Client({ connectionString: options.url, ...session, application_name: `${applicationName} ${purpose}`, keepAlive: true, connectionTimeoutMillis: 5_000 });
      client.on('error', (error) => log.warn({ err: error, purpose }, 'a database connection was lost'));
      await client.connect();
      return client;
    },
  };
}

/** Replicas that start together migrate one after the other. */
async function migrate(core: DatabaseCore): Promise<void> {
  const guard = core.dataSource.createQueryRunner();
  try {
    await withLock(guard, lockNumber('migrate', core.schema), async () => {
      const applied = await core.dataSource.runMigrations();
      if (applied.length > 0) core.log.info({ migrations: applied.map((migration) => migration.name) }, 'schema brought up to date');
    });
  } finally {
    await guard.release();
  }
}

async function withLock(runner: QueryRunner, number: string, work: () => Promise<void>): Promise<void> {
  await runner.query('select pg_advisory_lock($1)', [number]);
  try {
    await work();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [number]);
  }
}

const REFUSED = new Set(['28P01', '28000', '3D000', '42501', '3F000']);

function asFault(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (REFUSED.has(code)) return Fault.permanent('database-refused', `PostgreSQL refuses the service: ${error.message}. Check GRANARY_DATABASE_URL and that role, database and schema exist`, { cause: error });
  const away = code.startsWith('ECONN') || code === 'ENOTFOUND' || code === 'ETIMEDOUT' || code.startsWith('57P') || code.startsWith('08') || /timeout|terminated|AggregateError/i.test(error.message);
  if (away || error.name === 'AggregateError') return Fault.transient('database-unreachable', `no PostgreSQL answers at the address in GRANARY_DATABASE_URL (${code || error.message})`, { cause: error });
  return error;
}
