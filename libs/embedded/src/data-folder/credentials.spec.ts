import { completeCredentials, parseCredentials } from './credentials';

const counter = () => {
  let n = 0;
  return () => `password-${++n}`;
};

describe('completeCredentials', () => {
  it('gives every identity a password', () => {
    expect(completeCredentials(null, { nats: ['audit', 'operator'], postgres: ['audit'] }, counter())).toEqual({
      version: 1,
      nats: { audit: 'password-1', operator: 'password-2' },
      postgres: { audit: 'password-3' },
    });
  });

  it('keeps what is there and adds what is new', () => {
    const stored = { version: 1, nats: { audit: 'old' }, postgres: { audit: 'older' } } as const;
    expect(completeCredentials(stored, { nats: ['audit', 'gateway'], postgres: ['audit'] }, counter())).toEqual({
      version: 1,
      nats: { audit: 'old', gateway: 'password-1' },
      postgres: { audit: 'older' },
    });
  });
});

describe('parseCredentials', () => {
  it('reads what was written', () => {
    const credentials = { version: 1, nats: { audit: 'a' }, postgres: {} };
    expect(parseCredentials(JSON.parse(JSON.stringify(credentials)), 'credentials.json')).toEqual(credentials);
    expect(parseCredentials(null, 'credentials.json')).toBeNull();
  });

  it.each([{}, { version: 2, nats: {}, postgres: {} }, { version: 1, nats: { a: 1 }, postgres: {} }, { version: 1, nats: [], postgres: {} }])('refuses %p', (value) => {
    expect(() => parseCredentials(value, 'credentials.json')).toThrow(expect.objectContaining({ code: 'unreadable-file' }));
  });
});
