import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres, type PostgresServer } from '@granary/embedded';
import { createLogger } from '@granary/observability';
import { serverFolder } from './server-folder.store';

/** Where the test run's own PostgreSQL is told to the test files. */
export const POSTGRES_VARIABLE = 'GRANARY_TEST_POSTGRES_URL';

export interface TestPostgres {
  /** The superuser's URL. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Kills the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again where it was, with the data it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL for tests. @param fast false to wait for the disk as in production */
export async function startTestPostgres({ fast = true }: { fast?: boolean } = {}): Promise<TestPostgres> {
  const folder = serverFolder();
  const start = (port?: number) =>
    startPostgres({
      folder: join(folder.path, 'postgres'),
      admin: { user: 'tester', password: randomPassword },
      logFile: join(folder.path, 'logs', 'postgres.log'),
      fast,
      log: createLogger({ service: 'test', level: 'silent' }),
      ...(port === undefined ? {} : { port }),
    });
  const randomPassword = randomBytes(12).toString('hex');
  let server: PostgresServer = await start();
  const killAtExit = () => server.child.signal('SIGQUIT');
  process.once('exit', killAtExit);
  return {
    adminUrl: server.adminUrl,
    get pid() {
      return server.child.pid;
    },
    async kill() {
      server.child.signal('SIGKILL');
      await server.child.exited;
    },
    async restart() {
      await server.stop();
      server = await start(server.port);
    },
    async stop() {
      process.off('exit', killAtExit);
      await server.stop();
      folder.remove();
    },
  };
}

export interface FreshDatabase {
  /** As the role that owns the schema and nothing else; the schema is its search path. */
  readonly url: string;
  /** The same database as superuser. */
  readonly adminUrl: string;
  readonly schema: string;
  drop(): Promise<void>;
}

/** What is in a database from the start, under a name of its own. It is made once; every further database is a copy, which takes a fifth of the time that migrations take. */
export interface Prepared {
  readonly name: string;
  prepare(url: string): Promise<void>;
}

const templates = new Map<string, Promise<FreshDatabase>>();

/** A new database with one schema, prepared like all others of that name, with the role of theirs. */
export async function preparedDatabase(schema: string, { name, prepare }: Prepared, adminUrl = process.env[POSTGRES_VARIABLE]): Promise<FreshDatabase> {
  const known = `${adminUrl} ${schema} ${name}`;
  const template = templates.get(known) ?? freshDatabase(schema, adminUrl).then(async (fresh) => prepare(fresh.url).then(() => fresh));
  templates.set(known, template);
  return copyOf(await template, adminUrl ?? '');
}

async function copyOf(template: FreshDatabase, adminUrl: string): Promise<FreshDatabase> {
  const name = newName();
  const url = new URL(template.url);
  const ownAdminUrl = new URL(template.adminUrl);
  await asAdmin(adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${url.pathname.slice(1)} STRATEGY file_copy`);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${url.username}`);
  });
  url.pathname = ownAdminUrl.pathname = `/${name}`;
  return { ...template, url: url.href, adminUrl: ownAdminUrl.href, drop: () => asAdmin(adminUrl, async (client) => void (await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))) };
}

const newName = (): string => `t_${randomBytes(8).toString('hex')}`;

/**
 * A new, empty database with one schema and its role, like a service has it, on the server of the test run.
 * @param adminUrl of another server
 */
export async function freshDatabase(schema: string, adminUrl = process.env[POSTGRES_VARIABLE]): Promise<FreshDatabase> {
  if (!adminUrl) throw new Error(`${POSTGRES_VARIABLE} is not set: name the file *.int-spec.ts, so that Jest starts the servers before it, or pass the URL of a server`);
  const name = newName();
  await asAdmin(adminUrl, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD '${name}'`);
    // Copying files costs a fifth of writing each page to the log, the default.
    await client.query(`CREATE DATABASE ${name} STRATEGY file_copy`);
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${name}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const ownAdminUrl = url.href;
  await asAdmin(ownAdminUrl, async (client) => {
    const quoted = client.escapeIdentifier(schema);
    await client.query(`REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE SCHEMA ${quoted} AUTHORIZATION ${name}; ALTER ROLE ${name} SET search_path = ${quoted}`);
  });
  url.username = name;
  url.password = name;
  return {
    url: url.href,
    adminUrl: ownAdminUrl,
    schema,
    drop: () =>
      asAdmin(adminUrl, async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await client.query(`DROP ROLE IF EXISTS ${name}`);
      }),
  };
}

async function asAdmin(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
