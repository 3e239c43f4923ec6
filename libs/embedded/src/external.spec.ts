import { externalServers, withUser } from './external';

describe('externalServers', () => {
  it('is nothing when nothing is set', () => {
    expect(externalServers({ GRANARY_NATS_URL: '' })).toEqual({ nats: null, databaseUrl: null });
  });

  it('takes the credentials out of the broker URL', () => {
    expect(externalServers({ GRANARY_NATS_URL: 'nats://granary:s%40cret@broker:4222', GRANARY_DATABASE_URL: 'postgres://admin:x@db:5432/granary' })).toEqual({
      nats: { url: 'nats://broker:4222', user: 'granary', password: 's@cret', credentialsFile: null },
      databaseUrl: 'postgres://admin:x@db:5432/granary',
    });
  });

  it('knows a file with a password for every identity', () => {
    expect(externalServers({ GRANARY_NATS_URL: 'tls://broker:4222', GRANARY_NATS_CREDENTIALS: '/run/secrets/nats.json' }).nats).toEqual({
      url: 'tls://broker:4222',
      user: null,
      password: null,
      credentialsFile: '/run/secrets/nats.json',
    });
  });

  it('names all problems together, without the values', () => {
    const wrong = () => externalServers({ GRANARY_NATS_URL: 'broker:s3cret', GRANARY_DATABASE_URL: 'mysql://u:s3cret@db/x' });
    expect(wrong).toThrow(/GRANARY_NATS_URL is not.*\nGRANARY_DATABASE_URL is not/);
    expect(wrong).not.toThrow(/s3cret/);
  });
});

it('replaces the user of a URL and keeps the rest', () => {
  expect(withUser('postgres://admin:x@db:5432/granary?sslmode=require', 'audit', 'p@ss')).toBe('postgres://audit:p%40ss@db:5432/granary?sslmode=require');
});
