import fc from 'fast-check';
import { CREDENTIAL_NAMES, FILE_NAMES, INNOCENT_NAMES, INNOCENTS, NKEY_SEED, POSITIVES } from '../test/credentials';
import { redactFields, redactText, redactUrl } from './redact';

describe('redactUrl', () => {
  it.each([
    ['https://ada:s3cr3t@git.example.org/team/app.git', 'https://git.example.org/team/app.git'],
    ['https://s3cr3ttoken@git.example.org/team/app.git', 'https://git.example.org/team/app.git'],
    ['postgres://granary:p/w@d@127.0.0.1:5432/granary', 'postgres://127.0.0.1:5432/granary'],
    ['nats://:s3cr3t@localhost:4222', 'nats://localhost:4222'],
    ['ssh://git@git.example.org/team/app.git', 'ssh://git@git.example.org/team/app.git'],
    ['ssh://git:s3cr3t@git.example.org/team/app.git', 'ssh://git.example.org/team/app.git'],
    ['git@git.example.org:team/app.git', 'git@git.example.org:team/app.git'],
    ['https://git.example.org/app?access_token=s3cr3t&depth=1', 'https://git.example.org/app?access_token=[redacted]&depth=1'],
    ['https://git.example.org:8443/packages/@scope/name', 'https://git.example.org:8443/packages/@scope/name'],
    ['https://[::1]:8443/packages/@scope/name', 'https://[::1]:8443/packages/@scope/name'],
    ['/srv/repositories/app', '/srv/repositories/app'],
    ['file:///srv/repositories/app', 'file:///srv/repositories/app'],
  ])('%s → %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});

describe('redactText', () => {
  it.each([
    ['fetch of https://ada:s3cr3t@git.example.org/a failed, then https://bob:0ther@git.example.org/b', 'fetch of https://[redacted]@git.example.org/a failed, then https://[redacted]@git.example.org/b'],
    ['host=db user=granary password=s3cr3t sslmode=off', 'host=db user=granary password=[redacted] sslmode=off'],
    ['answered {"user":"ada","apiKey":"s3cr\\"3t","page":2}', 'answered {"user":"ada","apiKey":"[redacted]","page":2}'],
    [String.raw`{"body":"{\"password\":\"s3c\\\"r3t\",\"user\":\"ada\"}"}`, String.raw`{"body":"{\"password\":\"[redacted]\",\"user\":\"ada\"}"}`],
    [String.raw`got {"body":"{\"password\":\"s3c\\\"r3t\",\"user\":\"ada\"}"} there`, String.raw`got {"body":"{\"password\":\"[redacted]\",\"user\":\"ada\"}"} there`],
    ['Authorization: Basic czNjcjN0', 'Authorization: Basic [redacted]'],
    ['sent Bearer abc.def-123 along', 'sent Bearer [redacted] along'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nnext', '[redacted]\nnext'],
    ['cut short -----BEGIN PRIVATE KEY-----\nMIIB', 'cut short [redacted]'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'jwt [redacted]'],
    [`with ghp_${'a1'.repeat(18)} and ${'AKIA'}IOSFODNN7EXAMPLE`, 'with [redacted] and [redacted]'],
    [`key gran_0123456789ABCDEF_${'a1'.repeat(24)}Z, session granr_${'0'.repeat(32)}_${'b2'.repeat(43)}`, `key gran_0123456789ABCDEF_[redacted], session granr_${'0'.repeat(32)}_[redacted]`],
    ['Server=db;Password="a;b";Encrypt=true', 'Server=db;Password="[redacted]";Encrypt=true'],
    ['Cookie: a=b; c=d\r\nHost: x', 'Cookie: [redacted]\r\nHost: x'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });

  it('masks credentials in more than 150 dresses, and nothing again that is redacted', () => {
    const bad = POSITIVES.flatMap(([what, text, secret]) => {
      const redacted = redactText(text);
      if (!redacted.includes('[redacted]') || redacted.includes(secret)) return [`${what}: ${redacted}`];
      return redactText(redacted) === redacted ? [] : [`${what}, again: ${redactText(redacted)}`];
    });
    expect(bad).toEqual([]);
    expect(new Set(POSITIVES.map(([what]) => what)).size).toBe(POSITIVES.length);
    expect(POSITIVES.length).toBeGreaterThan(150);
  });

  it('leaves more than 80 innocent texts as they are', () => {
    expect(INNOCENTS.map((text) => redactText(text))).toEqual(INNOCENTS);
    expect(INNOCENTS.length).toBeGreaterThan(80);
  });

  it('tells a seed of NATS from another word by its sum', () => {
    const other = NKEY_SEED.replace('MLK2', 'MLK3');
    expect([redactText(NKEY_SEED), redactText(other)]).toEqual(['[redacted]', other]);
  });

  it('keeps a document of JSON valid', () => {
    const document = JSON.stringify({ msg: 'see postgres://u:p"w@h/d', headers: { cookie: 'a="b"; c' }, pem: '-----BEGIN PRIVATE KEY-----\nabc', raw: JSON.stringify({ token: 'x"y\\z' }), last: 1 });
    expect(JSON.parse(redactText(document))).toMatchObject({ headers: { cookie: '[redacted]' }, pem: '[redacted]', raw: '{"token":"[redacted]"}', last: 1 });
  });

  it('takes time in proportion to the length of hostile text', () => {
    const parts = ['a.', '://', 'a://b:', 'password', 'password=', '"token":"', '\\"token', '\\\\\\"secret\\\\\\":\\\\\\"', '-----BEGIN PRIVATE KEY-----', 'PRIVATE KEY-----BEGIN ', 'MIIEvQIBADAN', 'x:', 'x:y@', 'cookie:', 'authorization: digest ', 'a-', '-a-token ', '<password ', 'curl -u ', '%3A%2F%2F', 'eyJhbGci', 'bearer ', 'pass phrase ', '{"a":', '[', 'secret:[', 'gl-', 'S'.repeat(60), '$2b$', 'ab'.repeat(20), 'sk-', 'key-', 'password is '];
    const steps = (text: string): number => {
      let best = Infinity;
      for (let round = 0; round < 3; round += 1) {
        const begun = process.cpuUsage();
        redactText(text);
        const { user, system } = process.cpuUsage(begun);
        best = Math.min(best, user + system);
      }
      return best;
    };
    const slow = parts.filter((part) => {
      const [short, long] = [part.repeat(Math.ceil(4_000 / part.length)), part.repeat(Math.ceil(40_000 / part.length))];
      // Ten times the text in a hundred times the time would be quadratic; below 30 ms nothing is told apart.
      return steps(long) > Math.max(30_000, 40 * steps(short));
    });
    expect(slow).toEqual([]);
  });
});

describe('redactFields', () => {
  it('knows credentials by their names, however these are written', () => {
    const named = (names: readonly string[], value: string) => Object.fromEntries(names.map((name) => [name, value]));
    expect(redactFields({ at: [{ deep: new Map([['inner', named(CREDENTIAL_NAMES, 'quiet')]]) }] })).toEqual({ at: [{ deep: { inner: named(CREDENTIAL_NAMES, '[redacted]') } }] });
    expect(redactFields(named(FILE_NAMES, 'quiet'))).toEqual(named(FILE_NAMES, '[redacted]'));
    expect(redactFields(named(INNOCENT_NAMES, 'quiet'))).toEqual(named(INNOCENT_NAMES, 'quiet'));
  });

  it('masks credentials of any shape', () => {
    const fields = { user: 'ada', config: { 'Set-Cookie': ['a', 'b'], privateKey: { d: '1' }, pin: 1, password: 4711 }, headers: new Map([['authorization', 'Basic x']]), list: [{ clientSecret: 'z' }], query: new URLSearchParams('token=x&page=2'), sent: new Headers({ 'x-api-key': 'k', accept: '*/*' }) };
    expect(redactFields(fields)).toEqual({
      user: 'ada',
      config: { 'Set-Cookie': '[redacted]', privateKey: '[redacted]', pin: 1, password: '[redacted]' },
      headers: { authorization: '[redacted]' },
      list: [{ clientSecret: '[redacted]' }],
      query: { token: '[redacted]', page: '2' },
      sent: { 'x-api-key': '[redacted]', accept: '*/*' },
    });
  });

  it('leaves counts, flags and look-alikes readable', () => {
    const fields = { secrets: 3, hasToken: true, inputTokens: 12, tokens: { input: 12, output: 3 }, token: null, passwords: 4, key: 'repo-1', secretScan: 'done', at: new Date(0), size: undefined, required: ['user', 'password'], stages: ['secrets', 'graph'] };
    expect(redactFields(fields)).toEqual(fields);
  });

  it('makes errors, sets, bytes, big numbers, addresses, circles and what throws printable', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    const deep = JSON.parse(`${'['.repeat(20)}${']'.repeat(20)}`) as unknown;
    const buffer = Buffer.from('abc');
    const throwing = { get inner(): string { throw new Error('https://u:p@h'); } };
    const printed = redactFields({ set: new Set(['a']), buffer, sent: buffer.toJSON(), raw: new ArrayBuffer(2), big: 2n ** 70n, url: new URL('https://u:p@h/x'), circle, deep, throwing, error: new Error('at https://u:p@h/x') });
    expect(printed).toMatchObject({ set: ['a'], buffer: '[3 bytes]', sent: '[3 bytes]', raw: '[2 bytes]', big: '1180591620717411303424', url: 'https://[redacted]@h/x', circle: { name: 'circle', self: '[circular]' }, throwing: '[unreadable]', error: { type: 'Error', message: 'at https://[redacted]@h/x' } });
    expect(JSON.stringify(printed)).toContain('[too deep]');
  });
});

/** Puts a secret into something bigger, from the inside out. */
type Wrap = (inner: unknown) => unknown;

const WRAPS: Readonly<Record<string, Wrap>> = {
  object: (inner) => ({ before: 1, inner }),
  array: (inner) => ['before', inner],
  map: (inner) => new Map([['inner', inner]]),
  set: (inner) => new Set([inner]),
  json: (inner) => JSON.stringify({ page: 2, inner: plainOf(inner) }),
  sentence: (inner) => `answered ${JSON.stringify({ inner: plainOf(inner), page: 2 })} after 3 ms`,
  lines: (inner) => (typeof inner === 'string' ? `first line\n${inner}\nlast line` : inner),
  error: (inner) => new Error(typeof inner === 'string' ? inner : 'with a cause', { cause: inner }),
  aggregate: (inner) => new AggregateError([inner, new Error('other')], 'several'),
  header: (inner) => ({ headers: { accept: '*/*', 'x-inner': inner } }),
};

/** What is no JSON becomes its redactable text, as whoever builds such a text would have it. */
const plainOf = (value: unknown): unknown => (value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value instanceof Error ? value.message : value);

/** How a credential lies in the innermost place. */
const PLACES: Readonly<Record<string, (secret: string, name: string) => unknown>> = {
  field: (secret, name) => ({ [name]: secret }),
  list: (secret, name) => ({ [name]: [secret, secret] }),
  header: (secret, name) => new Map([[name, secret]]),
  pair: (secret, name) => ({ name, value: secret }),
  assignment: (secret, name) => `${name}=${secret} next`,
  quoted: (secret, name) => `${name} = "${secret}"; next`,
  json: (secret, name) => JSON.stringify({ [name]: secret, page: 1 }),
  address: (secret) => `postgres://ada:${secret}@db:5432/app`,
  basic: (secret) => `Authorization: Basic ${secret}`,
  cookie: (secret) => `Cookie: theme=dark; sid=${secret}`,
};

it('lets no canary out, whatever it is wrapped in', () => {
  const canary = fc.stringMatching(/^Canary[A-Za-z0-9][A-Za-z0-9!#$*+.^_~-]{6,24}7$/);
  const name = fc.constantFrom(...CREDENTIAL_NAMES);
  fc.assert(
    fc.property(canary, name, fc.constantFrom(...Object.keys(PLACES)), fc.array(fc.constantFrom(...Object.keys(WRAPS)), { maxLength: 4 }), (secret, called, place, wraps) => {
      const value = wraps.reduce<unknown>((inner, wrap) => WRAPS[wrap]?.(inner) ?? inner, PLACES[place]?.(secret, called));
      return !JSON.stringify(redactFields(value)).includes(secret);
    }),
    { seed: 20_260_302, numRuns: 1_500 },
  );
});
