import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { completeCertificates } from './certificates.mjs';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });
const at = (date) => ({ now: new Date(date), newKey, newSerial: () => randomBytes(16) });
const hosts = { nats: ['nats', 'localhost'], postgres: ['postgres'] };
const first = completeCertificates({}, hosts, at('2026-05-01T12:00:00Z'));
const { authority, servers } = first;

test('servers are certified by the authority, for their names', () => {
  const root = new X509Certificate(authority.certificate);
  const nats = new X509Certificate(servers.nats.certificate);
  assert.ok(root.ca && nats.verify(root.publicKey) && !nats.ca);
  assert.deepEqual([nats.checkHost('nats'), nats.checkHost('localhost'), nats.checkHost('postgres')], ['nats', 'localhost', undefined]);
  assert.equal(new Date(nats.validTo).toISOString(), '2027-05-01T12:00:00.000Z');
  assert.equal(servers.nats.notAfter, '2027-05-01T12:00:00.000Z');
});

test('what lasts stays as it is', () => {
  assert.deepEqual(completeCertificates(first, hosts, at('2027-01-30T12:00:00Z')), first);
});

test('a server gets another one in time, or for other names, from the same authority', () => {
  const late = completeCertificates(first, hosts, at('2027-02-01T12:00:00Z'));
  assert.deepEqual(late.authority, authority);
  assert.equal(late.servers.nats.notAfter, '2028-02-01T12:00:00.000Z');
  const renamed = completeCertificates(first, { ...hosts, nats: ['broker'] }, at('2026-06-01T12:00:00Z'));
  assert.deepEqual(renamed.servers.postgres, servers.postgres);
  assert.equal(new X509Certificate(renamed.servers.nats.certificate).checkHost('broker'), 'broker');
});

test('with the authority, everything it issued is replaced', () => {
  const later = completeCertificates(first, hosts, at('2035-06-01T12:00:00Z'));
  assert.notEqual(later.authority.certificate, authority.certificate);
  assert.ok(new X509Certificate(later.servers.postgres.certificate).verify(new X509Certificate(later.authority.certificate).publicKey));
});
