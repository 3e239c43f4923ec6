// Real servers for this service's tests, in a folder that goes with them.
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessDocuments, inboxPrefix } from '@granary/contracts';
import { ensureDatabase, ensureRoles, findNats, natsUsers, startNats, startPostgres } from '@granary/embedded';
import { connectBroker } from '@granary/messaging';
import { createLogger } from '@granary/observability';

export type Servers = Awaited<ReturnType<typeof startServers>>;

const PASSWORD = 'a-password-of-this-run';
const ADMIN = 'test-admin';

/** A broker that knows the real permissions (and an administrator beside them) and a PostgreSQL. */
export async function startServers({ fast = true, syncAlways = false } = {}) {
  const log = createLogger({ service: 'audit', level: 'silent' });
  const folder = mkdtempSync(join(tmpdir(), 'granary-audit-'));
  const binary = await findNats({ env: process.env, log });
  const passwords = Object.fromEntries(Object.keys(accessDocuments).map((identity) => [identity, PASSWORD]));
  const users = [...natsUsers(accessDocuments, passwords), { user: ADMIN, password: PASSWORD }];
  const natsOf = (ports?: { port: number; monitorPort: number }) =>
    startNats({ binary: binary.path, folder: join(folder, 'nats'), users, monitor: { user: 'monitor', password: PASSWORD }, syncAlways, logFile: join(folder, 'nats.log'), log, ...(ports ? { ports } : {}) });
  let nats = await natsOf();
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), admin: { user: 'postgres', password: PASSWORD }, fast, logFile: join(folder, 'postgres.log'), log });

  const connect = (user: string, prefix: string) => connectBroker({ url: nats.url, user, password: PASSWORD, name: user, inboxPrefix: prefix, log });
  const restartNats = async (between: () => void) => {
    const { port, monitorPort } = nats;
    await nats.stop();
    between();
    nats = await natsOf({ port, monitorPort });
  };
  return {
    connect: (identity: string) => connect(identity, inboxPrefix(identity)),
    connectAdmin: () => connect(ADMIN, '_INBOX_test_admin'),
    /** The URL of the service's own role in a new database. */
    async freshDatabase() {
      const name = `audit_${randomUUID().replaceAll('-', '')}`;
      const url = new URL(postgres.adminUrl);
      url.pathname = `/${name}`;
      await ensureDatabase(postgres.adminUrl, name);
      await ensureRoles(url.href, { roles: [{ name: 'audit', password: PASSWORD }], exclusive: true });
      [url.username, url.password] = ['audit', PASSWORD];
      return url.href;
    },
    /** What a backup of the broker would hold; `restoreNats` brings it back. */
    backUpNats: () => restartNats(() => cpSync(join(folder, 'nats', 'store'), join(folder, 'backup'), { recursive: true })),
    restoreNats: () =>
      restartNats(() => {
        rmSync(join(folder, 'nats', 'store'), { recursive: true });
        cpSync(join(folder, 'backup'), join(folder, 'nats', 'store'), { recursive: true });
      }),
    async stop() {
      await Promise.all([nats.stop(), postgres.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
