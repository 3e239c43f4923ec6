// node --test deploy/setup
import assert from 'node:assert/strict';
import { test } from 'node:test';
import contracts from '@granary/contracts';
import security from '@granary/security';
import { changeLines, completeSecrets, placesOf, servicesOf } from './documents.mjs';

const { accessDocuments } = contracts;
let made = 0;
const publishers = [{ tenant: 'acme', name: 'ci' }];
const make = { newSecret: () => `secret-${++made}`, newKey: () => security.makeApiKey().key };
const makeNone = { newSecret: () => assert.fail('made a new one'), newKey: () => assert.fail('made a new one') };
const secrets = completeSecrets(accessDocuments, {}, make, publishers);
const certificates = { authority: { certificate: 'authority', key: 'authority-key' }, servers: { nats: { certificate: 'nats', key: 'nats-key' }, postgres: { certificate: 'postgres', key: 'postgres-key' } } };
const folderOf = (place) => (place === 'nats' ? '/credentials' : `/credentials/${place}`);
const places = placesOf({ certificates, folderOf, publishers, documents: accessDocuments, secrets, tenant: 'acme', natsUrl: 'tls://nats:4222', postgresAddress: 'postgres:5432', natsFolder: '/data' });

test('secrets that are known stay', () => {
  assert.deepEqual(completeSecrets(accessDocuments, secrets, makeNone, publishers), secrets);
  assert.deepEqual(completeSecrets(accessDocuments, secrets, makeNone, []).publishers, secrets.publishers);
  assert.notEqual(secrets.nats.audit, secrets.nats.harvester);
});

test('each service is told its own credentials and nobody else\'s', () => {
  assert.equal(places['cache-janitor']['identity.env'], [
    'GRANARY_NATS_URL=tls://nats:4222',
    'GRANARY_NATS_USER=cache-janitor',
    `GRANARY_NATS_PASSWORD=${secrets.nats['cache-janitor']}`,
    'GRANARY_NATS_CA_FILE=/credentials/cache-janitor/ca.pem',
    `GRANARY_DATABASE_URL=postgres://cache_janitor:${secrets.postgres['cache-janitor']}@postgres:5432/granary?sslmode=verify-full&sslrootcert=/credentials/cache-janitor/ca.pem`,
    '',
  ].join('\n'));
  for (const name of servicesOf(accessDocuments)) {
    const told = Object.values(places[name]).join('').match(/secret-\d+/g);
    assert.deepEqual(told.sort(), [secrets.nats[name], secrets.postgres[name], ...(name === 'auth' ? [secrets.auth.adminPassword] : [])].sort());
  }
  assert.doesNotMatch(places.operator['identity.env'], /DATABASE/);
});

test('auth makes an administrator and two keys at its first start, which the operator has', () => {
  const { adminPassword, key, platformKey } = secrets.auth;
  const lines = (place) => places[place]['identity.env'].split('\n');
  for (const line of ['GRANARY_AUTH_FIRST_TENANT=acme', 'GRANARY_AUTH_FIRST_ADMIN=admin', `GRANARY_AUTH_FIRST_ADMIN_PASSWORD=${adminPassword}`, `GRANARY_AUTH_FIRST_KEY=${key}`, `GRANARY_AUTH_FIRST_PLATFORM_KEY=${platformKey}`]) assert.ok(lines('auth').includes(line), line);
  assert.ok(lines('operator').includes(`GRANARY_API_KEY=${key}`));
  assert.deepEqual(JSON.parse(places.operator['access.json']), { administrator: { tenant: 'acme', name: 'admin', password: adminPassword }, platformKey });
  assert.ok(security.parseApiKey(key) !== null && security.parseApiKey(platformKey) !== null && key !== platformKey);
  for (const name of servicesOf(accessDocuments).filter((one) => one !== 'auth')) assert.doesNotMatch(Object.values(places[name]).join(''), /gran_|AUTH_FIRST/);
});

test('the provisioner is the one who administers the database', () => {
  assert.match(places.provisioner['identity.env'], new RegExp(`GRANARY_DATABASE_URL=postgres://postgres:${secrets.postgres.postgres}@postgres:5432/granary`));
});

test('the broker is reached from other containers and logs to its output', () => {
  const config = places.nats['nats.conf'];
  assert.match(config, /^listen: "0\.0\.0\.0:4222"$/m);
  assert.match(config, /^http: "127\.0\.0\.1:8222"$/m);
  assert.doesNotMatch(config, /log_?file|pid_file|ports_file_dir/);
  assert.match(config, /sync_interval: always/);
  for (const password of Object.values(secrets.nats)) assert.ok(config.includes(password));
});

test('servers get their key, everybody else the certificate of who issued it, and the key of that stays with the provisioner', () => {
  assert.match(places.nats['nats.conf'], /^tls \{\n  cert_file: "\/credentials\/server.pem"\n  key_file: "\/credentials\/server.key"\n\}$/m);
  assert.deepEqual([places.nats['server.key'], places.postgres['server.pem'], places.gateway['ca.pem']], ['nats-key', 'postgres', 'authority']);
  const holders = Object.entries(places).filter(([, files]) => JSON.stringify(files).includes('authority-key'));
  assert.deepEqual(holders.map(([place]) => place), ['provisioner']);
});

test('without certificates nothing speaks TLS', () => {
  const plain = placesOf({ certificates: null, folderOf, documents: accessDocuments, secrets, tenant: 'acme', natsUrl: 'nats://nats:4222', postgresAddress: 'postgres:5432', natsFolder: '/data' });
  assert.doesNotMatch(JSON.stringify(plain), /tls|ssl|\.pem/i);
});

test('a foreign publisher has an account at the broker, which the operator can hand on', () => {
  assert.deepEqual(JSON.parse(places.operator['publishers.json']), [{ user: 'acme.ci', password: secrets.publishers['acme.ci'], inboxPrefix: '_INBOX_TENANTS.acme.ci', subject: 'ingest.acme.ci' }]);
  assert.match(places.nats['nats.conf'], /TENANTS \{[^]*user: "acme.ci"/);
});

test('a configuration of another form is refused', () => {
  assert.throws(() => changeLines('port: 1\n', { listen: null }), /no setting 'listen'/);
});
