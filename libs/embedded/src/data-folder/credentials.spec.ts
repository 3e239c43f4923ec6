import { completeCredentials, parseCredentials } from './credentials';

const counter = () => {
  let [n, k] = [0, 0];
  return { password: () => `password-${++n}`, apiKey: () => `key-${++k}` };
};

describe('completeCredentials', () => {
  it('gives every identity a password', () => {
    expect(completeCredentials(null, { nats: ['audit', 'operator'], postgres: ['audit'], publishers: ['acme.ci'] }, counter())).toEqual({
      version: 1,
      nats: { audit: 'password-1', operator: 'password-2' },
      postgres: { audit: 'password-3' },
      publishers: { 'acme.ci': 'password-4' },
      auth: { adminPassword: 'password-5', key: 'key-1', platformKey: 'key-2' },
    });
  });

  it('keeps what is there and adds what is new', () => {
    const auth = { adminPassword: 'a', key: 'b', platformKey: 'c' };
    const stored = { version: 1, nats: { audit: 'old' }, postgres: { audit: 'older' }, publishers: { 'acme.ci': 'kept', 'acme.gone': 'forgotten' }, auth } as const;
    expect(completeCredentials(stored, { nats: ['audit', 'gateway'], postgres: ['audit'], publishers: ['acme.ci', 'acme.new'] }, counter())).toEqual({
      version: 1,
      nats: { audit: 'old', gateway: 'password-1' },
      postgres: { audit: 'older' },
      publishers: { 'acme.ci': 'kept', 'acme.new': 'password-2' },
      auth,
    });
  });

  it('adds what older versions did not write', () => {
    const older = parseCredentials({ version: 1, nats: { audit: 'old' }, postgres: {} }, 'credentials.json');
    expect(completeCredentials(older, { nats: ['audit'], postgres: [] }, counter())).toEqual({ version: 1, nats: { audit: 'old' }, postgres: {}, publishers: {}, auth: { adminPassword: 'password-1', key: 'key-1', platformKey: 'key-2' } });
  });
});

describe('parseCredentials', () => {
  it('reads what was written', () => {
    const credentials = { version: 1, nats: { audit: 'a' }, postgres: {}, publishers: { 'acme.ci': 'd' }, auth: { adminPassword: 'a', key: 'b', platformKey: 'c' } };
    expect(parseCredentials(JSON.parse(JSON.stringify(credentials)), 'credentials.json')).toEqual(credentials);
    expect(parseCredentials(null, 'credentials.json')).toBeNull();
  });

  it.each([{}, { version: 2, nats: {}, postgres: {} }, { version: 1, nats: { a: 1 }, postgres: {} }, { version: 1, nats: [], postgres: {} }, { version: 1, nats: {}, postgres: {}, publishers: { a: 1 } }, { version: 1, nats: {}, postgres: {}, auth: { key: 'b' } }])('refuses %p', (value) => {
    expect(() => parseCredentials(value, 'credentials.json')).toThrow(expect.objectContaining({ code: 'unreadable-file' }));
  });
});
