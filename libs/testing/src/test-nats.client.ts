import { join } from 'node:path';
import { accessDocuments, inboxPrefix, type AccessDocument } from '@granary/contracts';
import { findNats, natsIdentities, natsPublishers, natsUsers, publisherAccount, publisherUser, PROVISIONER, startNats, type NatsServer, type Publisher, type PublisherAccount } from '@granary/embedded';
import { connectBroker, provision, type Broker } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { serverFolder } from './server-folder.store';

/** A user of the test server who may do everything inside the account of the services. */
export const ADMIN = 'admin';

export interface TestNatsOptions {
  /** Who may do what; the project's own documents unless told. */
  readonly accessDocuments?: readonly AccessDocument[];
  /** Foreign clients in the account TENANTS. Default none. */
  readonly publishers?: readonly Publisher[];
  /** Sync each write to disk, as in production. Default false. */
  readonly syncAlways?: boolean;
  /** Create the stream and the consumers of the access documents. Default true. */
  readonly provisioned?: boolean;
  /** For programs that look for nats-server themselves. Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface TestNats {
  readonly url: string;
  readonly monitorUrl: string;
  readonly pid: number;
  /** Of an identity with an access document, of `provisioner`, or of `admin`, who is not restricted. */
  credentials(identity: string): { user: string; password: string; inboxPrefix: string };
  /** What one of the foreign clients is told. */
  publisher(tenant: string, name: string): PublisherAccount;
  /** Connects as an identity. The connection is closed by `stop`, if not before. */
  connect(identity: string): Promise<Broker>;
  /** Kills the server as a crash would. */
  kill(): Promise<void>;
  /** Starts it again where it was, with the data it had. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a NATS server of its own for a test file, in about 50 ms. */
export async function startTestNats(options: TestNatsOptions = {}): Promise<TestNats> {
  const { syncAlways = false, provisioned = true, env = process.env, publishers = [] } = options;
  const passwords = Object.fromEntries(publishers.map((publisher) => [publisherUser(publisher), publisherUser(publisher)]));
  const documents = Object.fromEntries((options.accessDocuments ?? Object.values(accessDocuments)).map((document) => [document.identity, document]));
  const log = createLogger({ service: 'test', level: 'silent' });
  const folder = serverFolder();
  const binary = await findNats({ env, log });
  const start = (ports?: { port: number; monitorPort: number }) =>
    startNats({
      binary: binary.path,
      folder: join(folder.path, 'nats'),
      logFile: join(folder.path, 'logs', 'nats.log'),
      // A server that listens on loopback for a few seconds needs no secrets, and a failing test is easier to look into.
      users: [...natsUsers(documents, Object.fromEntries(natsIdentities(documents).map((identity) => [identity, identity]))), { user: ADMIN, password: ADMIN }],
      publishers: natsPublishers(publishers, passwords),
      monitor: { user: 'monitor', password: 'monitor' },
      syncAlways,
      log,
      ...(ports ? { ports } : {}),
    });

  let server: NatsServer = await start();
  const brokers = new Set<Broker>();
  const killAtExit = () => server.child.signal('SIGKILL');
  process.once('exit', killAtExit);

  const credentials = (identity: string) => ({ user: identity, password: identity, inboxPrefix: inboxPrefix(identity) });
  async function connect(identity: string): Promise<Broker> {
    const broker = await connectBroker({ url: server.url, ...credentials(identity), name: identity, log });
    brokers.add(broker);
    return broker;
  }

  if (provisioned) {
    const broker = await connect(PROVISIONER);
    await provision({ broker, accessDocuments: Object.values(documents), log });
    await broker.close();
  }

  return {
    url: server.url,
    monitorUrl: server.monitorUrl,
    get pid() {
      return server.child.pid;
    },
    credentials,
    publisher: (tenant, name) => publisherAccount({ tenant, name }, passwords),
    connect,
    async kill() {
      server.child.signal('SIGKILL');
      await server.child.exited;
    },
    async restart() {
      await server.stop();
      server = await start(server);
    },
    async stop() {
      await Promise.all([...brokers].map((broker) => broker.close()));
      process.off('exit', killAtExit);
      await server.stop();
      folder.remove();
    },
  };
}
