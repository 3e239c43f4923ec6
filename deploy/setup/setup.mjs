// Prepares the servers of docker-compose.yml. Two steps, each safe to repeat:
//   node setup.mjs credentials   makes the secrets that are missing, and writes what each container is told
//   node setup.mjs servers       creates roles, schemas, the stream and its consumers
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import contracts from '@granary/contracts';
import embedded from '@granary/embedded';
import messaging from '@granary/messaging';
import observability from '@granary/observability';
import security from '@granary/security';
import { completeCertificates } from './certificates.mjs';
import { completeSecrets, placesOf, servicesOf } from './documents.mjs';

const { accessDocuments, inboxPrefix } = contracts;
const { ensureDatabase, ensureRoles, PROVISIONER, readPublishers, roleOf } = embedded;

const log = observability.createLogger({ service: 'setup', level: process.env.GRANARY_LOG_LEVEL || 'info' });
const folder = process.env.GRANARY_CREDENTIALS || '/credentials';
const steps = { credentials, servers };

try {
  const step = steps[process.argv[2]];
  if (step === undefined) throw new Error(`say which step: node setup.mjs ${Object.keys(steps).join(' | ')}`);
  await step();
} catch (error) {
  log.fatal({ err: error }, 'setup failed');
  process.exitCode = 1;
}

function credentials() {
  const file = join(folder, PROVISIONER, 'secrets.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const publishers = readPublishers(process.env);
  const secrets = completeSecrets(accessDocuments, known, { newSecret: () => randomBytes(24).toString('base64url'), newKey: () => security.makeApiKey().key }, publishers);
  const natsUrl = process.env.GRANARY_NATS_URL || 'tls://nats:4222';
  const postgresAddress = process.env.GRANARY_POSTGRES || 'postgres:5432';
  const places = placesOf({
    certificates: natsUrl.startsWith('tls://') ? completeCertificates(known.certificates ?? {}, { nats: hostsOf(natsUrl), postgres: hostsOf(`postgres://${postgresAddress}`) }, { now: new Date(), newKey, newSerial: () => randomBytes(16) }) : null,
    // Each server sees its own place alone.
    folderOf: (place) => (process.env.GRANARY_CREDENTIALS ? join(folder, place) : place === 'nats' || place === 'postgres' ? '/credentials' : `/credentials/${place}`),
    documents: accessDocuments,
    secrets,
    natsUrl,
    postgresAddress,
    natsFolder: process.env.GRANARY_NATS_FOLDER || '/data',
    publishers,
    tenant: process.env.GRANARY_TENANT || 'default',
  });
  const absent = Object.keys(places).filter((place) => !isFolder(join(folder, place)));
  if (absent.length > 0) throw new Error(`no folder ${absent.map((place) => join(folder, place)).join(', ')}: docker-compose.yml needs a credentials volume for each identity`);
  // The secrets first: whatever is written from them can be written again.
  for (const [place, files] of [[PROVISIONER, places[PROVISIONER]], ...Object.entries(places)]) {
    for (const [name, text] of Object.entries(files)) writePrivate(join(folder, place, name), text);
  }
  log.info({ places: Object.keys(places) }, 'credentials are in place');
}

async function servers() {
  const secrets = JSON.parse(readFileSync(join(folder, PROVISIONER, 'secrets.json'), 'utf8'));
  const databaseUrl = required('GRANARY_DATABASE_URL');
  const admin = new URL(databaseUrl);
  admin.pathname = '/postgres';
  await ensureDatabase(admin.href, new URL(databaseUrl).pathname.slice(1));
  const roles = servicesOf(accessDocuments).map((name) => ({ name: roleOf(name), password: secrets.postgres[name] }));
  await ensureRoles(databaseUrl, { roles, exclusive: true });
  log.info({ roles: roles.map(({ name }) => name) }, 'roles and schemas are in place');

  const broker = await messaging.connectBroker({
    url: required('GRANARY_NATS_URL'),
    tls: messaging.brokerTls(process.env),
    user: required('GRANARY_NATS_USER'),
    password: required('GRANARY_NATS_PASSWORD'),
    name: PROVISIONER,
    inboxPrefix: inboxPrefix(PROVISIONER),
    log,
  });
  try {
    await messaging.provision({ broker, accessDocuments: Object.values(accessDocuments), log });
  } finally {
    await broker.close();
  }
}

/** The name in the address, and the one by which somebody on the same machine looks at it. */
function hostsOf(url) {
  return [new URL(url).hostname, 'localhost'];
}

function newKey() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; start this step with --env-file=${join(folder, PROVISIONER, 'identity.env')}`);
  return value;
}

/** A reader sees the old text or the new one, never a part. */
function writePrivate(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
