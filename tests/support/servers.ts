// Real servers for benchmarks and fault tests, in a folder that goes with them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPrefix } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { ensureDatabase, ensureRoles, findNats, natsUsers, startNats, startPostgres } from '@granary/embedded';
import { connectBroker, provision } from '@granary/messaging';
import type { Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import type { Logger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import type { Database, DatabaseOptions } from '@granary/persistence';

export interface ServerOptions {
  access: Readonly<Record<string, AccessDocument>>;
  /** Whether the broker writes to disk before it acknowledges. */
  syncAlways?: boolean;
  /** PostgreSQL without waiting for the disk; for tests of logic, not for figures. */
  fast?: boolean;
  log?: Logger;
}

/** Roles and schemas have no hyphens. */
const roleOf = (identity: string): string => identity.replaceAll('-', '_');

const PROVISIONER = 'provisioner';
const PASSWORD = 'a-password-of-this-run';

export type Servers = Awaited<ReturnType<typeof startServers>>;

export async function startServers({ access, syncAlways = false, fast = false, log = createLogger({ service: 'tests', level: 'error' }) }: ServerOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'granary-'));
  const binary = await findNats({ env: process.env, log });
  const users = natsUsers(access, Object.fromEntries([...Object.keys(access), PROVISIONER].map((identity) => [identity, PASSWORD])));
  const natsOf = (ports?: { port: number; monitorPort: number }) =>
    startNats({ binary: binary.path, folder: join(folder, 'nats'), users, monitor: { user: 'monitor', password: PASSWORD }, syncAlways, logFile: join(folder, 'nats.log'), log, ...(ports ? { ports } : {}) });
  const postgresOf = (port?: number) =>
    startPostgres({ folder: join(folder, 'postgres'), admin: { user: 'postgres', password: PASSWORD }, fast, logFile: join(folder, 'postgres.log'), log, ...(port === undefined ? {} : { port }) });
  let [nats, postgres] = await Promise.all([natsOf(), postgresOf()]);
  await ensureDatabase(postgres.adminUrl, 'granary');
  const databaseUrl = (user?: string) => {
    const url = new URL(postgres.adminUrl);
    url.pathname = '/granary';
    if (user !== undefined) [url.username, url.password] = [roleOf(user), PASSWORD];
    return url.href;
  };
  await ensureRoles(databaseUrl(), { roles: Object.keys(access).map((name) => ({ name: roleOf(name), password: PASSWORD })), exclusive: true });
  const connect = (identity: string): Promise<Broker> => connectBroker({ url: nats.url, user: identity, password: PASSWORD, name: identity, inboxPrefix: inboxPrefix(identity), log });
  const provisioner = await connect(PROVISIONER);
  await provision({ broker: provisioner, accessDocuments: Object.values(access), log });
  await provisioner.close();

  return {
    folder,
    log,
    natsUrl: nats.url,
    password: PASSWORD,
    connect,
    databaseUrl,
    open: (schema: string, options: Partial<DatabaseOptions> = {}): Promise<Database> => openDatabase({ url: databaseUrl(schema), schema, applicationName: schema, log, ...options }),
    /** Ends a server without a chance to say goodbye and starts it again in its place. */
    async crashNats() {
      process.kill(nats.child.pid, 'SIGKILL');
      await nats.child.exited;
      nats = await natsOf({ port: nats.port, monitorPort: nats.monitorPort });
    },
    async crashPostgres() {
      process.kill(postgres.child.pid, 'SIGKILL');
      await postgres.child.exited;
      postgres = await postgresOf(postgres.port);
    },
    async stop() {
      await Promise.all([nats.stop(), postgres.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
