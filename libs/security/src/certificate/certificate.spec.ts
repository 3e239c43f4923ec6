import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createServer, connect, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { issueAuthority, issueCertificate } from './certificate';

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const year = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
const authority = issueAuthority({ name: 'Granary', key: newKey(), serial: Buffer.from([1]), ...year, notAfter: new Date('2056-01-01T00:00:00Z') });
const broker = issueCertificate({ authority, name: 'nats', hosts: ['nats', 'nats.granary.svc', 'localhost', '127.0.0.1'], key: newKey(), serial: Buffer.from([0x80, 2]), ...year });

it('is a certificate that others read as it was meant', () => {
  const read = new X509Certificate(broker.certificate);
  expect({ subject: read.subject, issuer: read.issuer, names: read.subjectAltName, ca: read.ca, serial: read.serialNumber, usage: read.keyUsage, from: read.validFrom, to: read.validTo }).toEqual({
    subject: 'CN=nats',
    issuer: 'CN=Granary',
    names: 'DNS:nats, DNS:nats.granary.svc, DNS:localhost, IP Address:127.0.0.1',
    ca: false,
    serial: '8002',
    usage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    from: 'Jan  1 00:00:00 2026 GMT',
    to: 'Jan  1 00:00:00 2027 GMT',
  });
  expect(new X509Certificate(authority.certificate)).toMatchObject({ ca: true, validTo: 'Jan  1 00:00:00 2056 GMT' });
  expect(read.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(broker.key))).toBe(true);
});

it('lets both ends of a connection prove who they are', async () => {
  const now = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 60_000) };
  const root = issueAuthority({ name: 'root', key: newKey(), serial: Buffer.from([1]), ...now });
  const own = issueCertificate({ authority: root, name: 'server', hosts: ['localhost'], key: newKey(), serial: Buffer.from([2]), ...now });
  const client = issueCertificate({ authority: root, name: 'audit', hosts: [], key: newKey(), serial: Buffer.from([3]), ...now });
  const server = createServer({ cert: own.certificate, key: own.key, ca: root.certificate, requestCert: true, rejectUnauthorized: true }, (socket) => socket.end(String(socket.getPeerCertificate().subject.CN)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: TLSSocket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', servername: 'localhost', ca: root.certificate, cert: client.certificate, key: client.key });
  const [said] = (await once(socket, 'data')) as [Buffer];
  expect([socket.authorized, said.toString()]).toEqual([true, 'audit']);
  server.close();
});

it('writes no IPv6 addresses', () => {
  expect(() => issueCertificate({ authority, name: 'nats', hosts: ['::1'], key: newKey(), serial: Buffer.from([4]), ...year })).toThrow('use a name');
});
