import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { accessDocuments } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { BACKUP_READER, NATS_MONITOR, parseCredentials, POSTGRES_ADMIN, type CompleteCredentials, type FirstCredentials } from './data-folder/credentials';
import { openDataFolder, type DataFolder, type Orphan } from './data-folder/data-folder.store';
import { layoutOf } from './data-folder/layout';
import { readKeptPublishers } from './data-folder/publishers.store';
import { externalServers, withUser, type ExternalServers } from './external';
import { findNats, type NatsBinary } from './nats/find-nats.client';
import { startNats, type NatsServer } from './nats/nats-server.client';
import type { NatsPorts } from './nats/ports-file';
import { natsPublishers, publisherAccount, publisherUser, readPublishers, type Publisher, type PublisherAccount } from './nats/publishers';
import { natsIdentities, natsRestorer, natsUsers, RESTORER } from './nats/users';
import { startPostgres, type PostgresServer } from './postgres/postgres-server.client';
import { ensureDatabase, ensureReader, ensureRoles } from './postgres/roles.client';
import { roleOf } from './postgres/roles';
import type { Environment, Log } from './types';

/** The name of the one database; every service has a schema in it. */
const DATABASE = 'granary';

export interface EmbeddedSettings {
  /** Created when missing. Only one process at a time may use it. */
  readonly dataDir: string;
  /** Variables that point to real servers or to a nats-server; nothing else is read. */
  readonly env: Environment;
  /** The identities that get a role and a schema in the database. */
  readonly services: readonly string[];
  readonly log: Log;
  /** For tests only: neither broker nor database wait for the disk. */
  readonly fast?: boolean;
  /** Whether the broker syncs each write to disk before it acknowledges. Default true, unless `fast`. */
  readonly syncAlways?: boolean;
  /** To fill servers that are empty: the broker lets in `restorer`, too. */
  readonly restoring?: boolean;
  readonly onOrphan?: (orphan: Orphan) => void;
  readonly onNatsFound?: (binary: NatsBinary) => void;
}

/** A server of ours that can be started again in its place after a crash. */
export interface OwnServer<S> {
  readonly current: S;
  restart(): Promise<S>;
}

/** A broker and a database that are ready, embedded or not, and the way in for each identity. */
export interface Embedded {
  readonly folder: DataFolder;
  /** What auth is told at its first start. */
  readonly first: FirstCredentials;
  /** Whether this is the first start with this data folder. */
  readonly isFirst: boolean;
  readonly nats: {
    /** Without credentials. */
    readonly url: string;
    /** The server's monitoring address; null when the server is not ours. */
    readonly monitorUrl: string | null;
    /** The program, null when the server is not ours. */
    readonly binary: string | null;
    readonly server: OwnServer<NatsServer> | null;
    credentials(identity: string): { user: string; password: string };
    /** The foreign publishers that the broker lets in; none when the broker is not ours. */
    readonly publishers: readonly PublisherAccount[];
    /** The file that lists them; null when it does not count, because GRANARY_PUBLISHERS lists others or the broker is not ours. */
    readonly publisherList: string | null;
    /** Reads the list again and lets in who is on it. @throws Fault of the list, which then changes nothing */
    letInListed(): void;
  };
  readonly postgres: {
    /** Without credentials. */
    readonly url: string;
    readonly server: OwnServer<PostgresServer> | null;
    /** Of a user who may act as every role. */
    readonly adminUrl: string;
    /** Of the role that backups read with; null where there is none. */
    readonly readerUrl: string | null;
    urlFor(identity: string): string;
  };
  /** Stops the broker, then the database, and leaves the folder. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder, cleans up after a crashed start, and brings broker and database up with an account for each identity.
 * @throws Fault of the folder (`already-running`, `data-too-new`), of a server, or of the configuration (`bad-configuration`)
 */
export async function startEmbedded(settings: EmbeddedSettings): Promise<Embedded> {
  const external = externalServers(settings.env);
  const listed = () => readPublishers(settings.env, readKeptPublishers(layoutOf(resolve(settings.dataDir)).publishers));
  const publishers = listed();
  const folder = await openDataFolder(settings.dataDir, settings.onOrphan);
  const credentials = folder.credentials({
    nats: [...natsIdentities(accessDocuments), RESTORER, NATS_MONITOR],
    postgres: [...settings.services, BACKUP_READER, POSTGRES_ADMIN],
    publishers: publishers.map(publisherUser),
  });
  const started = await Promise.allSettled([startBroker(settings, external, folder, credentials, { publishers, listed }), startDatabase(settings, external, folder, credentials)]);
  const [nats, postgres] = started;
  const stop = async () => {
    if (nats.status === 'fulfilled') await nats.value.server?.current.stop();
    if (postgres.status === 'fulfilled') await postgres.value.server?.current.stop();
    folder.close();
  };
  if (nats.status === 'rejected' || postgres.status === 'rejected') {
    await stop();
    throw started.find((result) => result.status === 'rejected')?.reason;
  }
  return { folder, first: credentials.auth, isFirst: credentials.isFirst, nats: nats.value, postgres: postgres.value, stop };
}

async function startBroker({ env, log, fast = false, syncAlways = !fast, restoring = false, onNatsFound }: EmbeddedSettings, external: ExternalServers, folder: DataFolder, credentials: CompleteCredentials, foreign: { readonly publishers: readonly Publisher[]; readonly listed: () => readonly Publisher[] }): Promise<Embedded['nats']> {
  if (external.nats !== null) return externalBroker(external.nats, log);
  const binary = await findNats({ env, log });
  onNatsFound?.(binary);
  let { publishers } = foreign;
  let passwords = credentials.publishers;
  const start = (ports?: NatsPorts) =>
    startNats({
      binary: binary.path,
      folder: folder.layout.nats,
      logFile: folder.layout.logOf('nats'),
      users: [...natsUsers(accessDocuments, credentials.nats), ...(restoring ? [natsRestorer(passwordOf(credentials.nats, RESTORER))] : [])],
      publishers: natsPublishers(publishers, passwords),
      monitor: { user: NATS_MONITOR, password: passwordOf(credentials.nats, NATS_MONITOR) },
      syncAlways,
      log,
      ...(ports ? { ports } : {}),
    });
  const first = await start();
  const server = restartable(first, start);
  return {
    url: first.url,
    monitorUrl: first.monitorUrl,
    binary: binary.path,
    server,
    credentials: (identity) => ({ user: identity, password: passwordOf(credentials.nats, identity) }),
    get publishers() {
      return publishers.map((publisher) => publisherAccount(publisher, passwords));
    },
    publisherList: env['GRANARY_PUBLISHERS'] === undefined ? folder.layout.publishers : null,
    letInListed() {
      publishers = foreign.listed();
      passwords = folder.credentials({ nats: [], postgres: [], publishers: publishers.map(publisherUser) }).publishers;
      server.current.letIn(natsPublishers(publishers, passwords));
    },
  };
}

// With a file, each identity has a password of its own, and the broker's administrator has given it its permissions.
// Without one, everybody shares the URL's user: the broker then keeps nobody from anything.
function externalBroker({ url, user, password, credentialsFile }: NonNullable<ExternalServers['nats']>, log: Log): Embedded['nats'] {
  if (credentialsFile !== null) {
    const passwords = parseCredentials(JSON.parse(readFileSync(credentialsFile, 'utf8')), credentialsFile)?.nats ?? {};
    return { url, monitorUrl: null, binary: null, server: null, credentials: (identity) => ({ user: identity, password: passwordOf(passwords, identity) }), ...NO_PUBLISHERS };
  }
  log.warn('all services share the credentials of GRANARY_NATS_URL, so the broker cannot tell them apart; set GRANARY_NATS_CREDENTIALS to change that');
  return { url, monitorUrl: null, binary: null, server: null, credentials: () => ({ user: user ?? '', password: password ?? '' }), ...NO_PUBLISHERS };
}

const NO_PUBLISHERS = { publishers: [], publisherList: null, letInListed: () => undefined };

async function startDatabase({ services, log, fast = false }: EmbeddedSettings, external: ExternalServers, folder: DataFolder, credentials: CompleteCredentials): Promise<Embedded['postgres']> {
  const roles = services.map((service) => ({ name: roleOf(service), password: passwordOf(credentials.postgres, service) }));
  const reader = { name: roleOf(BACKUP_READER), password: passwordOf(credentials.postgres, BACKUP_READER) };
  const access = (url: string, mayRead: boolean) => ({
    url: withUser(url, '', ''),
    adminUrl: url,
    readerUrl: mayRead ? withUser(url, reader.name, reader.password) : null,
    urlFor: (identity: string) => withUser(url, roleOf(identity), passwordOf(credentials.postgres, identity)),
  });
  if (external.databaseUrl !== null) {
    await ensureRoles(external.databaseUrl, { roles, exclusive: false });
    return { ...access(external.databaseUrl, await ensureReader(external.databaseUrl, reader, log)), server: null };
  }

  const { layout } = folder;
  const start = (port?: number) =>
    startPostgres({
      folder: layout.postgres,
      admin: { user: POSTGRES_ADMIN, password: passwordOf(credentials.postgres, POSTGRES_ADMIN) },
      logFile: layout.logOf('postgres'),
      fast,
      log,
      ...(port === undefined ? {} : { port }),
    });
  const server = await start();
  const url = new URL(server.adminUrl);
  url.pathname = `/${DATABASE}`;
  try {
    await ensureDatabase(server.adminUrl, DATABASE);
    await ensureRoles(url.href, { roles, exclusive: true });
    await ensureReader(url.href, reader, log);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { ...access(url.href, true), server: restartable(server, ({ port }) => start(port)) };
}

function restartable<S>(first: S, start: (previous: S) => Promise<S>): OwnServer<S> {
  let current = first;
  return {
    get current() {
      return current;
    },
    async restart() {
      return (current = await start(current));
    },
  };
}

function passwordOf(passwords: Readonly<Record<string, string>>, identity: string): string {
  const password = passwords[identity];
  if (password !== undefined) return password;
  throw Fault.permanent('unknown-identity', `there are no credentials for '${identity}'; known are ${Object.keys(passwords).sort().join(', ')}`);
}
