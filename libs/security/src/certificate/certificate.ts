import { createHash, createPrivateKey, createPublicKey, sign, X509Certificate } from 'node:crypto';
import { bits, element, identifier, integer, octets, sequence, set, time, utf8, yes } from './der';

/** A certificate and its private key, as PEM. */
export interface Certified {
  readonly certificate: string;
  readonly key: string;
}

/** What every certificate is made of. */
interface Order {
  /** Its common name, as it is shown; nobody is recognised by it. */
  readonly name: string;
  /** PEM (PKCS #8) of a key on the curve P-256, made by the caller. */
  readonly key: string;
  /** Positive and unlike that of any other certificate of the authority: 16 random bytes do. */
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface CertificateOrder extends Order {
  readonly authority: Certified;
  /** Names and addresses by which it is reached; for a client none. */
  readonly hosts: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const SUBJECT_KEY = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const OTHER_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** A certificate that signs others and itself (RFC 5280): the root of a platform's own servers and clients. */
export function issueAuthority(order: Order): Certified {
  return issue(order, { name: order.name, key: order.key }, [
    extension(BASIC_CONSTRAINTS, sequence(yes(), integer(Buffer.from([0]))), true),
    // Sign certificates and their revocations.
    extension(KEY_USAGE, bits(Buffer.from([0x06]), 1), true),
  ]);
}

/** A certificate for a server, by its names, or for a client. Both ends of a connection may use it. */
export function issueCertificate({ authority, hosts, ...order }: CertificateOrder): Certified {
  const issuer = { name: commonNameOf(authority.certificate), key: authority.key };
  return issue(order, issuer, [
    extension(BASIC_CONSTRAINTS, sequence(), true),
    // Signatures, which is all that TLS 1.3 asks of it.
    extension(KEY_USAGE, bits(Buffer.from([0x80]), 7), true),
    extension(EXTENDED_KEY_USAGE, sequence(identifier(SERVER_AUTH), identifier(CLIENT_AUTH))),
    ...(hosts.length === 0 ? [] : [extension(OTHER_NAMES, sequence(...hosts.map(hostName)))]),
  ]);
}

function issue({ name, key, serial, notBefore, notAfter }: Order, issuer: { name: string; key: string }, extensions: readonly Buffer[]): Certified {
  const algorithm = sequence(identifier(ECDSA_SHA256));
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const content = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    distinguishedName(issuer.name),
    sequence(time(notBefore), time(notAfter)),
    distinguishedName(name),
    publicKey,
    element(0xa3, sequence(...extensions, extension(SUBJECT_KEY, octets(keyId(key))), extension(AUTHORITY_KEY, sequence(element(0x80, keyId(issuer.key)))))),
  );
  const signature = sign('sha256', content, createPrivateKey(issuer.key));
  const certificate = new X509Certificate(sequence(content, algorithm, bits(signature)));
  return { certificate: certificate.toString(), key };
}

const extension = (id: string, value: Buffer, critical = false) => sequence(identifier(id), ...(critical ? [yes()] : []), octets(value));

const distinguishedName = (name: string) => sequence(set(sequence(identifier(COMMON_NAME), utf8(name))));

const commonNameOf = (certificate: string) => /^CN=(.*)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? '';

/** Any name that is the same for the same key does (RFC 5280, 4.2.1.2). */
const keyId = (key: string) => createHash('sha256').update(createPublicKey(key).export({ format: 'der', type: 'spki' })).digest().subarray(0, 20);

function hostName(host: string): Buffer {
  if (/^\d+(\.\d+){3}$/.test(host)) return element(0x87, Buffer.from(host.split('.').map(Number)));
  if (host.includes(':')) throw new RangeError(`${host}: IPv6 addresses are not written into certificates here; use a name`);
  return element(0x82, Buffer.from(host, 'ascii'));
}
