import { platformElsewhere } from './elsewhere';

const env = { GRANARY_SERVICES: 'http://{service}:8080/', GRANARY_NATS_URL: 'nats://nats:4222', GRANARY_NATS_PASSWORD: 'x' };

it('is not there unless services are named', () => {
  expect(platformElsewhere({ GRANARY_NATS_URL: 'nats://nats:4222' })).toBeNull();
});

it('has every service where one address stands for all', () => {
  const found = platformElsewhere({ ...env, GRANARY_DATABASE_URL: 'postgres://granary:secret@db:5433/granary?sslmode=require' });
  expect(found).toMatchObject({ pid: null, nats: { url: 'nats://nats:4222', monitorUrl: null }, operator: { user: 'operator', password: 'x' }, database: { url: 'postgres://db:5433/granary?sslmode=require' } });
  expect(Object.keys(found?.services ?? {})).toEqual(['audit', 'auth', 'cache-janitor', 'gateway', 'harvester', 'normalizer', 'registry']);
  expect(found?.services['cache-janitor']).toEqual({ pid: null, url: 'http://cache-janitor:8080', restarts: 0, log: '' });
});

it('tells replicas apart by their address', () => {
  const found = platformElsewhere({ ...env, GRANARY_SERVICES: 'audit=http://a:8080, audit=http://b:8080' });
  expect(Object.entries(found?.services ?? {}).map(([name, { url }]) => [name, url])).toEqual([['audit', 'http://a:8080'], ['audit@b:8080', 'http://b:8080']]);
});

it.each([
  [{ ...env, GRANARY_NATS_URL: '' }, /GRANARY_NATS_URL is not set/],
  [{ ...env, GRANARY_NATS_PASSWORD: undefined }, /GRANARY_NATS_PASSWORD is not set/],
  [{ ...env, GRANARY_SERVICES: 'audit' }, /'audit' is not <service>=<url>/],
  [{ ...env, GRANARY_SERVICES: 'audit=ftp://a' }, /'ftp:\/\/a' is not an http or https address/],
  [{ ...env, GRANARY_DATABASE_URL: 'db' }, /GRANARY_DATABASE_URL is not an address/],
])('says what is wrong: %p', (wrong, message) => {
  expect(() => platformElsewhere(wrong)).toThrow(expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) as string }));
});
