// A broker that can be backed up and restored, as an operator would with copies of its folder.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocuments, inboxPrefix } from '@granary/contracts';
import { findNats, natsUsers, startNats } from '@granary/embedded';
import { connectBroker, type Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { temporaryFolder } from '@granary/testing';

const PASSWORD = 'test';
const ADMIN = 'admin';

export interface RestorableNats {
  readonly url: string;
  readonly password: string;
  /** As an identity with exactly its rights, or as `admin` with all of them. */
  connect(identity: string): Promise<Broker>;
  /** Both stop the broker and start it again where it was. */
  backUp(): Promise<void>;
  restore(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRestorableNats(): Promise<RestorableNats> {
  const log = createLogger({ service: 'test', level: 'silent' });
  const folder = temporaryFolder();
  const [store, backup] = [join(folder.path, 'nats', 'store'), join(folder.path, 'backup')];
  const binary = await findNats({ env: process.env, log });
  const passwords = Object.fromEntries(Object.keys(accessDocuments).map((identity) => [identity, PASSWORD]));
  const start = (ports?: { port: number; monitorPort: number }) =>
    startNats({
      binary: binary.path,
      folder: join(folder.path, 'nats'),
      logFile: join(folder.path, 'nats.log'),
      users: [...natsUsers(accessDocuments, passwords), { user: ADMIN, password: PASSWORD }],
      monitor: { user: 'monitor', password: PASSWORD },
      syncAlways: false,
      log,
      ...(ports ? { ports } : {}),
    });
  let server = await start();
  const restart = async (meanwhile: () => void) => {
    await server.stop();
    meanwhile();
    server = await start(server);
  };
  return {
    url: server.url,
    password: PASSWORD,
    connect: (identity) => connectBroker({ url: server.url, user: identity, password: PASSWORD, name: identity, inboxPrefix: inboxPrefix(identity), log }),
    backUp: () => restart(() => cpSync(store, backup, { recursive: true })),
    restore: () =>
      restart(() => {
        rmSync(store, { recursive: true });
        cpSync(backup, store, { recursive: true });
      }),
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}
