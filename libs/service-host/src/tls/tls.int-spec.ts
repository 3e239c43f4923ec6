import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocuments, inboxPrefix } from '@granary/contracts';
import { findNats, natsIdentities, natsUsers, startNats, type NatsServer } from '@granary/embedded';
import { connectBroker, type BrokerTls } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { issueAuthority, issueCertificate, type Certified } from '@granary/security';
import { freshDatabase, POSTGRES_VARIABLE, startTestAuth, startTestNats, temporaryFolder, waitFor, type TemporaryFolder } from '@granary/testing';
import { Client } from 'pg';
import { hostService } from '../host-service.module';
import { readPeerExpiry } from './peer-certificate.client';

const log = createLogger({ service: 'test', level: 'silent' });
const DAY = 86_400_000;
const midnight = (days: number) => new Date(Math.floor(Date.now() / DAY) * DAY + days * DAY);
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const order = (name: string, days = 30) => ({ name, key: newKey(), serial: randomBytes(16), notBefore: midnight(-60), notAfter: midnight(days) });

const authority = issueAuthority(order('Granary'));
const issue = (name: string, hosts: readonly string[], days?: number) => issueCertificate({ authority, hosts, ...order(name, days) });

let folder: TemporaryFolder;
let binary: string;
const servers: NatsServer[] = [];
beforeAll(async () => {
  folder = temporaryFolder();
  binary = (await findNats({ env: process.env, log })).path;
  keep('ca', authority);
  keep('other', issueAuthority(order('Somebody else')));
  keep('audit', issue('audit', []));
  keep('ended', issue('ended', [], -1));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  folder.remove();
});

const path = (name: string) => join(folder.path, name);
function keep(name: string, { certificate, key }: Certified): { certificateFile: string; keyFile: string } {
  writeFileSync(path(`${name}.pem`), certificate);
  writeFileSync(path(`${name}.key`), key, { mode: 0o600 });
  return { certificateFile: path(`${name}.pem`), keyFile: path(`${name}.key`) };
}

/** Servers that listen on loopback for a few seconds need no secrets. */
const as = (identity: string) => ({ user: identity, password: identity });

/** A broker with this certificate. @returns its address by the name `localhost` */
async function startBroker(name: string, certified: Certified, more: { clientCaFile?: string } = {}): Promise<string> {
  const users = natsUsers(accessDocuments, Object.fromEntries(natsIdentities(accessDocuments).map((identity) => [identity, identity])));
  const server = await startNats({ binary, folder: path(name), logFile: path(`${name}.log`), users, monitor: as('monitor'), syncAlways: false, tls: { ...keep(name, certified), ...more }, log });
  servers.push(server);
  return `tls://localhost:${server.port}`;
}

const connect = async (url: string, tls: BrokerTls) => {
  const broker = await connectBroker({ url, tls, ...as('registry'), name: 'registry', inboxPrefix: inboxPrefix('registry'), log });
  const server = broker.connection.getServer();
  await broker.close();
  return server;
};

it('believes a broker by its certificate, shows its own where it is asked for, and says what is wrong', async () => {
  const [url, ended, elsewhere] = await Promise.all([
    startBroker('broker', issue('broker', ['localhost']), { clientCaFile: path('ca.pem') }),
    startBroker('old', issue('broker', ['localhost'], -2)),
    startBroker('elsewhere', issue('broker', ['elsewhere.example.org'])),
  ]);
  const caFile = path('ca.pem');
  const own = { certificateFile: path('audit.pem'), keyFile: path('audit.key') };
  expect(await connect(url, { caFile, ...own })).toContain(new URL(url).port);
  await expect(connect(url, { caFile: path('other.pem'), ...own })).rejects.toMatchObject({ kind: 'permanent', code: 'broker-untrusted', message: expect.stringContaining('GRANARY_NATS_CA_FILE has to name') });
  await expect(connect(url, {})).rejects.toMatchObject({ code: 'broker-untrusted' });
  await expect(connect(url, { caFile })).rejects.toMatchObject({ code: 'broker-unreachable', message: expect.stringContaining('falls silent towards whoever shows none: GRANARY_NATS_CERTIFICATE_FILE') });
  await expect(connect(ended, { caFile })).rejects.toMatchObject({ kind: 'transient', code: 'broker-certificate-time', message: expect.stringContaining('no longer valid') });
  await expect(connect(elsewhere, { caFile })).rejects.toMatchObject({ code: 'broker-untrusted', message: expect.stringContaining('elsewhere.example.org') });
  expect(await readPeerExpiry({ host: 'localhost', port: Number(new URL(ended).port), protocol: 'nats' })).toEqual(midnight(-2));

  const plain = await startTestNats({ provisioned: false });
  await expect(connect(plain.url.replace('nats://127.0.0.1', 'tls://localhost'), { caFile })).rejects.toMatchObject({ code: 'broker-untrusted', message: expect.stringContaining('does not speak TLS') });
  expect(await readPeerExpiry({ host: '127.0.0.1', port: Number(new URL(plain.url).port), protocol: 'nats' })).toBeNull();
  await plain.stop();
});

it('runs with broker and database behind TLS, and says when their certificates end', async () => {
  const url = await startBroker('whole', issue('broker', ['localhost'], 40));
  const broker = await connectBroker({ url, tls: { caFile: path('ca.pem') }, ...as('auth'), name: 'auth', inboxPrefix: inboxPrefix('auth'), log });
  const auth = await startTestAuth({ connect: () => Promise.resolve(broker) });
  const database = await freshDatabase('registry');
  const secured = await securePostgres(issue('postgres', ['localhost'], 50));
  const databaseUrl = (ca: string) => `${database.url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full&sslrootcert=${path(`${ca}.pem`)}`;
  const environment = (ca: string) => ({ GRANARY_NATS_URL: url, GRANARY_NATS_CA_FILE: path('ca.pem'), GRANARY_NATS_USER: 'registry', GRANARY_NATS_PASSWORD: as('registry').password, GRANARY_DATABASE_URL: databaseUrl(ca) });
  const definition = { name: 'registry', config: {}, wire: () => ({}) };
  try {
    await expect(hostService(definition, environment('other'), { destination: { write: () => undefined } })).rejects.toMatchObject({ kind: 'permanent', code: 'database-untrusted', message: expect.stringContaining('sslrootcert has to name') });

    const hosted = await hostService(definition, environment('ca'), { destination: { write: () => undefined } });
    const [{ ssl }] = (await hosted.host.database.dataSource.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()')) as [{ ssl: boolean }];
    expect(ssl).toBe(true);
    const ends = async () => [...(await (await fetch(`${hosted.url}/metrics`)).text()).matchAll(/^granary_certificate_expires_timestamp_seconds\{certificate="(\w+)".*\} (\S+)$/gm)].map(([, name, at]) => [name, Number(at)]);
    expect(await waitFor(async () => ((seen) => (seen.length === 2 ? seen.sort() : null))(await ends()), { what: 'both certificates' })).toEqual([['broker', midnight(40).getTime() / 1_000], ['database', midnight(50).getTime() / 1_000]]);
    await hosted.stop();
  } finally {
    await secured.undo();
    await auth.stop();
    await broker.close();
    await database.drop();
  }
});

it('names everything that is wrong with the files before it starts', async () => {
  writeFileSync(path('text.pem'), 'no certificate');
  const environment = {
    GRANARY_NATS_URL: 'tls://127.0.0.1:4222',
    GRANARY_NATS_CA_FILE: path('missing.pem'),
    GRANARY_NATS_CERTIFICATE_FILE: path('audit.pem'),
    GRANARY_NATS_KEY_FILE: path('ended.key'),
    GRANARY_DATABASE_URL: `postgres://registry:x@10.0.0.1/granary?sslmode=verify-full&sslrootcert=${path('text.pem')}&sslcert=${path('ended.pem')}&sslkey=${path('ended.key')}`,
  };
  const start = (more: Record<string, string> = {}) => hostService({ name: 'registry', config: {}, wire: () => ({}) }, { ...environment, ...more });
  await expect(start()).rejects.toMatchObject({
    code: 'invalid-config',
    message: [
      'registry cannot start: 6 settings are wrong',
      '  GRANARY_NATS_URL names 127.0.0.1 by its address: with tls:// it must be a name, which the broker\'s certificate is checked for',
      `  GRANARY_NATS_CA_FILE names ${path('missing.pem')}, which is not there`,
      `  GRANARY_NATS_KEY_FILE names ${path('ended.key')}, which is not the key of the certificate in ${path('audit.pem')}`,
      "  GRANARY_DATABASE_URL names 10.0.0.1 by its address: with sslmode=verify-full it must be a name, which PostgreSQL's certificate is checked for",
      `  sslrootcert of GRANARY_DATABASE_URL names ${path('text.pem')}, which is not a certificate (PEM)`,
      `  sslcert of GRANARY_DATABASE_URL names ${path('ended.pem')}, which holds a certificate that ended on ${midnight(-1).toISOString()}: renew it`,
    ].join('\n'),
  });
  const other = { GRANARY_NATS_CA_FILE: path('ca.pem'), GRANARY_NATS_KEY_FILE: '', GRANARY_NATS_URL: 'nats://127.0.0.1:4222', GRANARY_DATABASE_URL: `postgres://registry:x@db/granary?sslmode=require&sslrootcert=${path('ca.pem')}` };
  await expect(start(other)).rejects.toMatchObject({
    message: [
      'registry cannot start: 3 settings are wrong',
      '  GRANARY_NATS_CERTIFICATE_FILE is set and GRANARY_NATS_KEY_FILE is not: a certificate and its key belong together',
      '  GRANARY_DATABASE_URL has sslmode=require: it must be verify-full, or disable',
      '  GRANARY_DATABASE_URL names certificates: it must also have sslmode=verify-full',
    ].join('\n'),
  });
});

/** Has the PostgreSQL of the test run speak TLS, too, until it is undone. */
async function securePostgres(certified: Certified): Promise<{ undo(): Promise<void> }> {
  const admin = new Client({ connectionString: process.env[POSTGRES_VARIABLE] });
  await admin.connect();
  const { rows } = await admin.query<{ folder: string }>("select setting as folder from pg_settings where name = 'data_directory'");
  const data = rows[0]?.folder ?? '';
  const { certificateFile, keyFile } = { certificateFile: join(data, 'test-server.pem'), keyFile: join(data, 'test-server.key') };
  const owner = statSync(data);
  for (const [file, text] of [[certificateFile, certified.certificate], [keyFile, certified.key]] as const) {
    writeFileSync(file, text, { mode: 0o600 });
    chownSync(file, owner.uid, owner.gid);
  }
  const apply = async (settings: readonly string[]) => {
    for (const statement of settings) await admin.query(statement);
    await admin.query('select pg_reload_conf()');
  };
  await apply([`alter system set ssl_cert_file = '${certificateFile}'`, `alter system set ssl_key_file = '${keyFile}'`, 'alter system set ssl = on']);
  const port = Number(new URL(process.env[POSTGRES_VARIABLE] ?? '').port);
  await waitFor(async () => (await readPeerExpiry({ host: '127.0.0.1', port, protocol: 'postgres' })) !== null, { what: 'PostgreSQL to speak TLS' });
  return {
    async undo() {
      await apply(['alter system reset ssl', 'alter system reset ssl_cert_file', 'alter system reset ssl_key_file']);
      await admin.end();
    },
  };
}
