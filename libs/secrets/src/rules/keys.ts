import { clearPrivateKey, derPrivateKey, encodedPrivateKey, encryptedPrivateKey, keyBody, privateJsonWebKey } from '../checks/private-key';
import { bech32Token, nkeySeed } from '../checks/token';
import type { Rule } from '../rule';

const BODY = `[A-Za-z0-9+/=\\s\\\\"',#*]{0,16000}`;
const HEADERS = '(?:(?:\\s{1,4}|\\\\[nr]){0,4}(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\\r\\n\\\\]{0,120}){0,4}';
const ARMOUR = '(?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----';
const PRIVATE_KEY = `-----BEGIN ${ARMOUR}${HEADERS}${BODY}(?:-----END ${ARMOUR})?`;

/** Private keys and identities. */
export const keyRules: readonly Rule[] = [
  {
    id: 'private-key', title: 'Private key (PEM, OpenSSH or PGP)', severity: 'high', rank: 'proven', placeholders: false,
    keywords: ['-----BEGIN'], pattern: PRIVATE_KEY, check: ['clear-private-key', clearPrivateKey], normalise: keyBody,
    yes: ['<<pem RSA>>', '<<pem EC>>', '<<pem>>', '<<pem OPENSSH>>', 'key = "<<escaped-pem RSA>>"', "key = '<<joined-pem RSA>>';", '<<commented-pem RSA>>', '<<pgp>>'],
    no: ['-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----', '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE<<base64 64>>\n-----END PUBLIC KEY-----', 'grep -e "-----BEGIN RSA PRIVATE KEY-----" .'],
  },
  {
    id: 'private-key-encrypted', title: 'Private key under a passphrase', severity: 'medium', rank: 'proven', placeholders: false,
    keywords: ['-----BEGIN'], pattern: PRIVATE_KEY, check: ['encrypted-private-key', encryptedPrivateKey], normalise: keyBody,
    yes: ['<<encrypted-pem>>', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBOBgkqhkiG9w0BBQ0wQTAp<<base64 400>>\n-----END ENCRYPTED PRIVATE KEY-----'],
    no: ['<<pem RSA>>', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nabc\n-----END ENCRYPTED PRIVATE KEY-----'],
  },
  {
    id: 'private-key-base64', title: 'Private key in Base64', severity: 'high', rank: 'proven', placeholders: false,
    // `-----BEGIN` in Base64.
    keywords: ['LS0tLS1CRUdJTi'], pattern: 'LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,16000}={0,2}', check: ['encoded-private-key', encodedPrivateKey],
    yes: ['tls.key: <<base64-of-pem RSA>>'],
    no: ['tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t<<base64 100>>'],
  },
  {
    id: 'private-key-der', title: 'Private key in Base64, without its armour', severity: 'high', rank: 'proven', placeholders: false, entropy: 4.5,
    // Outer sequences of 256 bytes and more, and of 128 and more; the last four are those of keys on curves.
    keywords: ['MIICX', 'MIICd', 'MIICe', 'MIIEo', 'MIIEp', 'MIIEv', 'MIIEw', 'MIIJK', 'MIIJQ', 'MIIG4', 'MIIG5', 'MIIBU', 'MIIBV', 'MIGHAgEA', 'MIG2AgEA', 'MHcCAQEE', 'MIGkAgEB'],
    pattern: 'M[A-Z][A-Za-z0-9+/]{100,4000}={0,2}(?![A-Za-z0-9+/=])', check: ['der-private-key', derPrivateKey],
    yes: ['key = "<<der RSA>>"', 'PRIVATE_KEY=<<der>>\n', '{"private": "<<der EC>>"}'],
    no: ['"cert": "MIICXzCCAcgCCQDL<<base64 780>>"', 'key = "MIIEpAIBAAKCAQEA<<base64 100>>"', 'public = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A<<base64 360>>"'],
  },
  {
    id: 'putty-private-key', title: 'PuTTY private key', severity: 'high', rank: 'proven', placeholders: false,
    keywords: ['PuTTY-User-Key-File-'],
    pattern: 'PuTTY-User-Key-File-[23]: [\\w.@-]{3,40}\\r?\\nEncryption: none\\r?\\n(?:[\\w-]{1,30}: ?[^\\r\\n]{0,200}\\r?\\n|[A-Za-z0-9+/=]{4,64}\\r?\\n){1,60}?Private-Lines: \\d{1,3}\\r?\\n(?:[A-Za-z0-9+/=]{4,64}\\r?\\n){1,60}',
    yes: ['PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: key\nPublic-Lines: 1\n<<base64 64>>\nPrivate-Lines: 2\n<<base64 64>>\n<<base64 60>>\nPrivate-MAC: <<hex 40>>\n'],
    no: ['PuTTY-User-Key-File-2: ssh-rsa\nEncryption: aes256-cbc\nComment: key\nPublic-Lines: 1\n<<base64 64>>\nPrivate-Lines: 1\n<<base64 64>>\n'],
  },
  {
    id: 'age-identity', title: 'age identity', severity: 'high', rank: 'proven', keywords: ['AGE-SECRET-KEY-1'],
    pattern: 'AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?![A-Z0-9])', check: ['bech32', bech32Token],
    yes: ['<<age>>'], no: ['AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ'],
  },
  {
    id: 'nkey-seed', title: 'Seed of a NATS key', severity: 'high', rank: 'proven', keywords: ['SUA', 'SAA', 'SOA', 'SNA', 'SCA'],
    pattern: 'S[UAONC]A[A-Z2-7]{55}(?![A-Z0-9])', check: ['nkey-seed', nkeySeed], yes: ['<<nkey SUA>>', 'seed: "<<nkey SAA>>"'], no: ['SUA<<same 10>>', 'SUA<<base32 55>>'],
  },
  {
    id: 'wireguard-private-key', title: 'WireGuard private key', severity: 'high', rank: 'context', keywords: ['PrivateKey', 'PresharedKey'], entropy: 3.8,
    pattern: '(?:PrivateKey|PresharedKey)\\s{0,4}=\\s{0,4}(?<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])',
    yes: ['[Interface]\nPrivateKey = <<base64 42>>A=\n'], no: ['PublicKey = <<base64 42>>A=\n', 'PrivateKey = AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
  },
  {
    id: 'json-web-key', title: 'Private part of a JSON Web Key', severity: 'high', rank: 'context', keywords: ['kty'], before: 600, after: 2_400, entropy: 3.8, check: ['json-web-key', privateJsonWebKey],
    pattern: '(?<=[\\s{,"\'])(?<name>[dk])\\\\?["\']?\\s{0,3}:\\s{0,3}\\\\?["\'](?<secret>[A-Za-z0-9_-]{22,700})\\\\?["\']',
    yes: ['{ "kty": "EC", "crv": "P-256", "x": "<<base64url 43>>", "d": "<<base64url 43>>" }', "const jwk = {\n  kty: 'RSA',\n  n: '<<base64url 342>>',\n  d: '<<base64url 342>>',\n};", '"{\\"kty\\":\\"oct\\",\\"k\\":\\"<<base64url 43>>\\"}"'],
    no: ['{ "kty": "EC", "crv": "P-256", "x": "<<base64url 43>>", "y": "<<base64url 43>>" }', '{ "kty": "RSA", "k": "<<base64url 43>>" }', '{ "kty": "EC", "d": "..." }'],
  },
];
