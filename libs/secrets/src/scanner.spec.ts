import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { expand } from '../test/expand';
import { createBaseline, renderBaseline } from './baseline';
import { createSecretScanner, type SecretFinding } from './scanner';

const key = Buffer.alloc(32, 7);
const scanner = createSecretScanner();
const scan = (text: string | Buffer, path = 'src/a.ts') => scanner.scan(Buffer.from(text as string), { key, path });
const rulesOf = (findings: readonly SecretFinding[]): string[] => findings.map(({ rule }) => rule);
const token = expand('ghp_<<crc62 30>>', 1);
// In two pieces, so that these examples are none in this file.
const ALLOW = ['granary', 'allow'].join(':');
const pem = expand('<<pem RSA>>', 2);

it('says what, where, under which hash, and nothing more', () => {
  const { findings, overBudget, ignoredAllows } = scan(`// ä\nconst t = "${token}";\n`);

  expect(findings).toEqual([
    {
      rule: 'github-personal-access-token', severity: 'high', line: 2, column: 12, endLine: 2, endColumn: 52,
      hash: `hmac-sha256:${createHmac('sha256', key).update(token).digest('hex')}`,
      preview: 'ghp_… (40 characters)',
      allowed: null,
    },
  ]);
  expect({ overBudget, ignoredAllows }).toEqual({ overBudget: [], ignoredAllows: [] });
});

it('finds nothing in nothing', () => {
  expect(scan('').findings).toEqual([]);
  expect(scan('const token = await getToken();').findings).toEqual([]);
});

it('needs a key worth the name', () => {
  expect(() => scanner.scan(Buffer.from(''), { key: Buffer.alloc(8) })).toThrow('it needs 16 at least');
});

it('finds nothing in a baseline that it made', () => {
  const { findings } = scan(`const token = "${token}";`);
  const baseline = renderBaseline(createBaseline(findings.map((finding) => ({ ...finding, path: 'src/a.ts' })), createHmac('sha256', key).update('baseline').digest('hex'), null));
  expect(baseline).toContain('"github-personal-access-token"');
  expect(scan(baseline, '.secrets-baseline.json').findings).toEqual([]);
});

it('has a version that other rules and the same rules tell', () => {
  expect(createSecretScanner().version).toBe(scanner.version);
  expect(createSecretScanner({ custom: [{ id: 'acme-key', pattern: 'acme_[a-z]{20}' }] }).version).not.toBe(scanner.version);
  expect(scanner.version).toMatch(/^\d+-[0-9a-f]{16}$/);
  expect(scanner.rules.find(({ id }) => id === 'private-key')).toEqual({ id: 'private-key', title: 'Private key (PEM, OpenSSH or PGP)', severity: 'high' });
});

describe('at any position', () => {
  const secrets = [token, pem, expand('sk-<<base62 20>>T3BlbkFJ<<base62 20>>', 3), expand('apiKey = "<<base62 32>>"', 4), expand('<<base62 3>>8Q~<<base62 34>>', 5)];
  const alone = secrets.map((secret) => scan(secret).findings[0]);
  const gaps = fc.integer({ min: 0, max: 140_000 });

  it('finds a secret, however much stands before and behind it', () => {
    fc.assert(fc.property(gaps, fc.integer({ min: 0, max: 30_000 }), fc.nat(secrets.length - 1), fc.boolean(), (before, behind, index, oneLine) => {
      const filler = oneLine ? ' ' : '.\n';
      const { findings } = scan(`${filler.repeat(before / filler.length)}\n${secrets[index]}\n${filler.repeat(behind / filler.length)}`);
      expect(findings.map(({ rule, hash }) => ({ rule, hash }))).toEqual([{ rule: alone[index]?.rule, hash: alone[index]?.hash }]);
    }), { numRuns: 30 * TIMES });
  });

  it('finds each of many that lie close together', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(secrets.length - 1), fc.integer({ min: 0, max: 3_000 })), { minLength: 1, maxLength: 30 }), (places) => {
      const text = places.map(([index, gap]) => `\n${secrets[index]}\n${' '.repeat(gap)}`).join('');
      expect(rulesOf(scan(text).findings)).toEqual(places.map(([index]) => alone[index]?.rule));
    }), { numRuns: 20 * TIMES });
  });
});

describe('one finding a span', () => {
  it.each([
    ['a token beside a telling name', `const githubToken = "${token}";`, ['github-personal-access-token']],
    ['an AWS pair', expand('aws_access_key_id = AKIA<<base32 16>>\naws_secret_access_key = <<base64 40>>\n', 1), ['aws-access-key-id', 'aws-key-pair']],
    ['a password in an address that is an assignment, too', expand('DB_PASSWORD_URL="postgres://app:<<base62 14>>@db.internal.net/app"', 1), ['database-url-password']],
    ['a key in JSON', JSON.stringify({ private_key: pem }), ['private-key']],
    ['a service role of Supabase, which is a JWT', expand('SUPABASE_SERVICE_KEY = "<<supabase-jwt 1>>"', 1), ['supabase-service-role-key']],
    ['a bearer token that is a JWT', expand('"Authorization: Bearer <<jwt 1>>"', 1), ['json-web-token']],
  ])('%s', (_what, text, rules) => {
    expect(rulesOf(scan(text).findings)).toEqual(rules);
  });

  it.each([
    ['a token with a wrong checksum', expand('const token = "ghp_<<base62 36>>";', 1)],
    ['the public key of a Supabase project', expand('const supabaseKey = "<<supabase-anon-jwt 1>>";', 1)],
    ['a web token that signs with a word', `"accessToken": "${[{ alg: 'EdDSA', kid: 'k' }, { aud: 'granary' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${Buffer.from('example').toString('base64url')}"`],
    ['the example of jwt.io', expand('const token = "<<demo-jwt 1>>";', 1)],
    ['documented AWS keys', 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['the search key of a documentation site', expand('algolia: { apiKey: "<<hex 32>>", indexName: "docs" }', 1)],
  ])('%s is an example for every rule', (_what, text) => {
    expect(scan(text, 'app.env').findings).toEqual([]);
  });
});

it.each([
  ['package-lock.json', expand('"integrity": "sha512-<<base64 86>>==", "token": "<<base62 40>>"', 1)],
  ['dist/app.min.js', expand('var key="<<base62 32>>";apiKey="<<base62 32>>"', 1)],
  ['src/a.ts', expand('integrity: "sha256-<<base64 43>>=", commit: "<<hex 40>>", id: "<<uuid 1>>", tokenHash: "<<hex 64>>"', 1)],
  ['src/a.ts', 'const password = getPassword(); token = tokens.next; secretKeyRef: { name, key }; if (password === other) {}'],
  ['de.json', '"password": "Passwort", "LABEL_PASSWORD": "Contraseña", "token": "Zugangsschlüssel"'],
  ['app.yml', 'password: ${DB_PASSWORD}\nsecret: {{ .Values.secret }}\ntokenUrl: https://auth.internal.net/oauth/token\nsecretName: app-credentials-v2\n'],
  ['README.md', 'export API_KEY=<your key>\ncurl -H "Authorization: Bearer $TOKEN" https://api.example.com\n'],
])('raises no alarm in %s: %.60s', (path, text) => {
  expect(rulesOf(scan(text, path).findings)).toEqual([]);
});

describe('a word as a password', () => {
  const word = 'otter'.concat('box');
  it.each([
    ['alone', 'src/a.py', `db = connect(password="${word}")\n`, ['weak-password-literal']],
    ['that a program imports', 'src/a.py', `from ${word}.core import connect\ndb = connect(password="${word}")\n`, []],
    ['in a block of imports', 'src/a.go', `import (\n\t"github.com/acme/${word}"\n)\nvar password = "${word}"\n`, []],
    ['that a manifest names', 'pom.xml', `<dependency><artifactId>${word}-client</artifactId></dependency>\n<password>${word}</password>\n`, []],
    ['used again, but not as a name', 'src/a.py', `db = connect(password="${word}")\nprint("${word}")\n`, ['weak-password-literal']],
  ])('%s', (_what, path, text, rules) => {
    expect(rulesOf(scan(text, path).findings)).toEqual(rules);
  });
});

it('takes plain words for values in settings only', () => {
  const text = expand('client_secret = <<base62 32>>\n', 1);
  expect(rulesOf(scan(text, 'app.ini').findings)).toEqual(['secret-setting']);
  expect(scan(text, 'app.py').findings).toEqual([]);
  expect(rulesOf(scanner.scan(Buffer.from(text), { key, pathClass: 'config' }).findings)).toEqual(['secret-setting']);
  expect(scanner.scan(Buffer.from(text), { key }).findings).toEqual([]);
});

it('reads variables of the environment in prose, where their names are in capitals', () => {
  const value = expand('<<base62 32>>', 1);
  expect(rulesOf(scan(`Run it with \`API_TOKEN=${value} npm start\`.\n\n    export CLIENT_SECRET=${value} \\\n`, 'README.md').findings)).toEqual(['secret-environment', 'secret-environment']);
  expect(scan(`const apiToken=${value};\n`, 'src/a.ts').findings).toEqual([]);
});

it('gives one key one hash, however it is written', () => {
  const hashes = [pem, pem.replaceAll('\n', '\r\n'), JSON.stringify(pem), pem.replace(/^/gm, '    ')].map((text) => scan(text).findings[0]?.hash);
  expect(new Set(hashes).size).toBe(1);
});

it('marks a key that spans lines', () => {
  expect(scan(`a\n  ${pem}`).findings[0]).toMatchObject({ line: 2, column: 3, endLine: 2 + pem.trim().split('\n').length - 1, preview: expect.stringMatching(/^-----BEGIN… \(\d+ characters\)$/) });
});

it('never repeats a secret', () => {
  const texts = ['<<pem EC>>', 'ghp_<<crc62 30>>', 'password = "Kx9!<<base62 8>>"', 'https://u1:<<base62 14>>@git.internal.net', '<<jwt 1>>', '<<base64-of-pem RSA>>', 'xoxb-<<digits 12>>-<<digits 12>>-<<base62 24>>'];
  for (const [index, template] of texts.entries()) {
    const text = expand(template, index);
    const said = JSON.stringify(scan(text).findings);
    expect(scan(text).findings).toHaveLength(1);
    const pieces = Array.from({ length: text.length - 17 }, (_, at) => text.slice(at + 10, at + 18));
    expect([template, pieces.filter((piece) => said.includes(piece) && /\w{8}/.test(piece))]).toEqual([template, []]);
  }
});

describe('inline allow', () => {
  it('allows a finding with a reason, on its line or the one before', () => {
    const { findings, ignoredAllows } = scan(`// ${ALLOW} secret(github-personal-access-token) revoked in 2024\nconst a = "${token}";\nconst b = "${token}"; // ${ALLOW} secret(*) the same\nconst c = "${token}";\n`);
    expect(findings.map(({ allowed }) => allowed)).toEqual([{ by: 'inline', reason: 'revoked in 2024' }, { by: 'inline', reason: 'the same' }, null]);
    expect(ignoredAllows).toEqual([]);
  });

  it('counts for nothing without a reason, and says so', () => {
    const { findings, ignoredAllows } = scan(`const a = "${token}"; // ${ALLOW} secret(*)\n`);
    expect(findings.map(({ allowed }) => allowed)).toEqual([null]);
    expect(ignoredAllows).toEqual([{ line: 1, problem: expect.stringContaining('gives no reason') }]);
  });

  it('does not carry a secret out in a reason', () => {
    const { findings } = scan(`const a = "${token}"; // ${ALLOW} secret(*) because ${token} is old\n`);
    expect(findings.map(({ allowed }) => allowed?.reason)).toEqual([`because ${'*'.repeat(40)} is old`, `because ${'*'.repeat(40)} is old`]);
  });
});

describe('whatever the bytes', () => {
  it.each([
    ['UTF-16', Buffer.from(`\ufeffkey = "${token}"`, 'utf16le')],
    ['broken UTF-8', Buffer.concat([Buffer.from([0xff, 0xc3, 0x28, 0x0a]), Buffer.from(token), Buffer.from([0xff])])],
    ['NULs', Buffer.concat([Buffer.alloc(10_000), Buffer.from(token), Buffer.alloc(10)])],
    ['an escaped line end before it', Buffer.from(`{"log":"first\\n${token}"}`)],
    ['a percent sign before it', Buffer.from(`?next=%3D${token}`)],
  ])('finds a secret among %s', (_what, content) => {
    expect(rulesOf(scan(content).findings)).toEqual(['github-personal-access-token']);
  });

  it('finds none inside of a longer word', () => {
    expect(scan(`x${token}`).findings).toEqual([]);
  });

  const megabytes = 0.1;
  const fill = (piece: string): string => piece.repeat((megabytes * 1e6) / piece.length);
  it.each([
    ['beginnings of keys', fill('-----BEGIN RSA PRIVATE KEY-----')], ['one long line of Base64', fill('QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo')], ['names and nothing else', fill('password=')],
    ['the same letter', fill('a')], ['open quotes', fill('"token": "')], ['addresses', fill('a://b:c')], ['JWT heads', fill('eyJhbGciOiJIUzI1NiJ9.')], ['keywords of windows', fill('"kty" discord T3BlbkFJ')], ['spaces behind a name', fill(`secret${' '.repeat(40)}`)],
    ['Kubernetes', fill('kind: Secret\ndata:\n')], ['wildly nested quotes', fill('key="\'"\'')], ['hex', fill('key=0123456789abcdef')], ['weak passwords in a manifest', `dependencies\n${Array.from({ length: 3_200 }, (_, n) => `password: ${['wal', 'rus'].join('')}${String.fromCharCode(97 + (n % 26), 97 + ((n / 26) % 26))}\n`).join('')}`],
  ])('ends in bounded time with %s', (_what, text) => {
    const begun = process.threadCpuUsage();
    const { findings } = scan(text, 'big.json');
    const { user } = process.threadCpuUsage(begun);
    expect(user / 1e6).toBeLessThan(1.6);
    expect(findings.length).toBeLessThan(5_000);
  });

  it('stops after a thousand findings of a rule, and says so', () => {
    const { findings, overBudget } = scan(`${token}\n`.repeat(1_500));
    expect(findings).toHaveLength(1_000);
    expect(overBudget).toEqual(['github-personal-access-token']);
  });
});

describe('budget', () => {
  const text = `${token}\n`.repeat(10);
  const CUSTOM = { id: 'acme-key', pattern: 'acme_[a-z]{1,50}[0-9]{1,15}z' };

  it('switches a rule off that has looked at too much, and says so', () => {
    const strict = createSecretScanner({ looks: 0.0002 });
    const { findings, overBudget } = strict.scan(Buffer.from(text), { key });
    expect(rulesOf(findings)).toEqual(Array.from({ length: 4 }, () => 'github-personal-access-token'));
    expect(overBudget).toEqual(['github-personal-access-token']);
  });

  it('counts by the bytes of a content, not by a clock, so that every machine finds the same', () => {
    const hostile = Buffer.from(`${'acme_aaaaaaaa'.repeat(100_000)}\n${token}\n`);
    const twice = [createSecretScanner({ custom: [CUSTOM] }), createSecretScanner({ custom: [CUSTOM] })].map((one) => one.scan(hostile, { key }));
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]).toMatchObject({ overBudget: [], findings: { length: 1 } });
  });

  it('lets a larger content cost more', () => {
    const strict = createSecretScanner({ looks: 0.0002 });
    const padded = Buffer.from(`${text}${'.'.repeat(3e6)}`);
    expect(strict.scan(padded, { key })).toMatchObject({ overBudget: [], findings: { length: 10 } });
  });

  it('gives a pattern with many ways to match less of a content', () => {
    const slow = { id: 'acme-slow', pattern: 'acm[a-z]{0,50}x?[a-z]{0,45}999' };
    const hostile = Buffer.from('acma'.repeat(250_000));
    expect(createSecretScanner({ custom: [slow, CUSTOM], looks: 4 }).scan(hostile, { key }).overBudget).toEqual(['acme-slow']);
  });
});
