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
    ['Authorization: Basic czNjcjN0', 'Authorization: Basic [redacted]'],
    ['sent Bearer abc.def-123 along', 'sent Bearer [redacted] along'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\nnext', '[redacted]\nnext'],
    ['cut short -----BEGIN PRIVATE KEY-----\nMIIB', 'cut short [redacted]'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'jwt [redacted]'],
    [`with ghp_${'a1'.repeat(18)} and ${'AKIA'}IOSFODNN7EXAMPLE`, 'with [redacted] and [redacted]'],
    [`key gran_0123456789ABCDEF_${'a1'.repeat(24)}Z, session granr_${'0'.repeat(32)}_${'b2'.repeat(43)}`, `key gran_0123456789ABCDEF_[redacted], session granr_${'0'.repeat(32)}_[redacted]`],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });

  it.each(['the bearer of this letter', 'tokens: 12, inputTokens=12', 'mail ada@example.org about C:\\temp', 'http://127.0.0.1:4222/a:b@c', 'password is missing'])('leaves %s alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('keeps a line of JSON valid', () => {
    const line = JSON.stringify({ msg: 'see postgres://u:p"w@h/d', headers: { cookie: 'a="b"; c' }, pem: '-----BEGIN PRIVATE KEY-----\nabc', raw: JSON.stringify({ token: 'x"y\\z' }), last: 1 });
    const redacted = redactText(line);
    expect(JSON.parse(redacted)).toMatchObject({ headers: { cookie: '[redacted]' }, pem: '[redacted]', raw: '{"token":"[redacted]"}', last: 1 });
  });

  it('takes linear time on hostile text', () => {
    const hostile = ['a.'.repeat(30_000), '://'.repeat(20_000), 'a://b:'.repeat(10_000), 'password'.repeat(8_000), '\\"token'.repeat(8_000), '-----BEGIN PRIVATE KEY-----'.repeat(2_000)];
    for (const text of hostile) {
      const started = performance.now();
      redactText(text);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});

describe('redactFields', () => {
  it('masks credential keys at any depth and of any shape', () => {
    const fields = { user: 'ada', config: { dbPassword: 'x', 'Set-Cookie': ['a', 'b'], API_KEY: 'y', privateKey: { d: '1' } }, headers: new Map([['authorization', 'Basic x']]), list: [{ clientSecret: 'z' }] };
    expect(redactFields(fields)).toEqual({
      user: 'ada',
      config: { dbPassword: '[redacted]', 'Set-Cookie': '[redacted]', API_KEY: '[redacted]', privateKey: '[redacted]' },
      headers: { authorization: '[redacted]' },
      list: [{ clientSecret: '[redacted]' }],
    });
  });

  it('leaves counts, flags and look-alikes readable', () => {
    const fields = { secrets: 3, hasToken: true, inputTokens: 12, token: null, key: 'repo-1', secretScan: 'done', at: new Date(0), size: undefined };
    expect(redactFields(fields)).toEqual(fields);
  });

  it('makes errors, sets, bytes, big numbers, addresses and circles printable', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    const deep = JSON.parse(`${'['.repeat(10)}${']'.repeat(10)}`) as unknown;
    expect(redactFields({ set: new Set(['a']), bytes: Buffer.from('abc'), big: 2n ** 70n, url: new URL('https://u:p@h/x'), circle, deep, error: new Error('at https://u:p@h/x') })).toMatchObject({
      set: ['a'],
      bytes: '[3 bytes]',
      big: '1180591620717411303424',
      url: 'https://[redacted]@h/x',
      circle: { name: 'circle', self: '[circular]' },
      deep: [[[[[[['[too deep]']]]]]]],
      error: { type: 'Error', message: 'at https://[redacted]@h/x' },
    });
  });
});
