import { certificateFault } from './certificate-fault';

const words = { server: 'the broker', code: 'broker', address: 'GRANARY_NATS_URL', ca: 'GRANARY_NATS_CA_FILE', own: 'GRANARY_NATS_CERTIFICATE_FILE and GRANARY_NATS_KEY_FILE' };
const failure = (code: string, message = code) => new Error('connection failed', { cause: Object.assign(new Error(message), { code }) });

it.each([
  ['CERT_HAS_EXPIRED', 'transient', 'broker-certificate-time', 'is no longer valid: renew it there'],
  ['CERT_NOT_YET_VALID', 'transient', 'broker-certificate-time', 'is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'permanent', 'broker-untrusted', 'is for another name than the one in GRANARY_NATS_URL'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'permanent', 'broker-untrusted', 'GRANARY_NATS_CA_FILE has to name the certificate of its authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'permanent', 'broker-untrusted', 'issued by nobody whom this service believes'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'permanent', 'broker-untrusted', "did not accept this service's certificate"],
])('says what %s means', (code, kind, faultCode, text) => {
  expect(certificateFault(failure(code), words)).toMatchObject({ kind, code: faultCode, message: expect.stringContaining(text) });
});

it('says that a server speaks no TLS', () => {
  expect(certificateFault(new Error("server does not support 'tls'"), words)).toMatchObject({ code: 'broker-untrusted', message: expect.stringContaining('does not speak TLS') });
});

it.each([failure('ECONNREFUSED'), new Error('timeout'), 'no error'])('leaves %p to others', (error) => {
  expect(certificateFault(error, words)).toBeNull();
});
