import { serviceEnvironment } from './service-environment';

const address = {
  name: 'audit',
  port: 4711,
  nats: { url: 'nats://127.0.0.1:4222', user: 'audit', password: 'p1' },
  databaseUrl: 'postgres://audit:p2@127.0.0.1:5432/granary',
  folder: '/data/services/audit',
  compileCache: '/data/cache/compile',
  first: { adminPassword: 'p3', key: 'k1', platformKey: 'k2' },
};

it('gives a service its own account and leaves the rest as it is', () => {
  const base = { PATH: '/usr/bin', GRANARY_DATABASE_URL: 'postgres://admin:secret@db/granary', GRANARY_NATS_CREDENTIALS: '/all.json', GRANARY_POLL_INTERVAL: '5s', GRANARY_AUTH_FIRST_KEY: 'k0', UNSET: undefined };
  expect(serviceEnvironment(base, address)).toEqual({
    PATH: '/usr/bin',
    GRANARY_POLL_INTERVAL: '5s',
    NODE_COMPILE_CACHE: '/data/cache/compile',
    GRANARY_NATS_URL: 'nats://127.0.0.1:4222',
    GRANARY_NATS_USER: 'audit',
    GRANARY_NATS_PASSWORD: 'p1',
    GRANARY_DATABASE_URL: 'postgres://audit:p2@127.0.0.1:5432/granary',
    GRANARY_HTTP_HOST: '127.0.0.1',
    GRANARY_HTTP_PORT: '4711',
    GRANARY_LOG_LEVEL: 'info',
    GRANARY_TENANT: 'default',
    GRANARY_DATA: '/data/services/audit',
  });
});

it('hands on the level of the logs and the tenant', () => {
  expect(serviceEnvironment({ GRANARY_LOG_LEVEL: 'debug', GRANARY_TENANT: 'acme' }, address)).toMatchObject({ GRANARY_LOG_LEVEL: 'debug', GRANARY_TENANT: 'acme' });
});

it.each([
  ['default', {}],
  ['acme', { GRANARY_TENANT: 'acme' }],
  ['umbra', { GRANARY_TENANT: 'acme', GRANARY_AUTH_FIRST_TENANT: 'umbra' }],
])('tells auth how to begin: tenant %s', (tenant, base) => {
  expect(serviceEnvironment(base, { ...address, name: 'auth' })).toMatchObject({
    GRANARY_AUTH_FIRST_TENANT: tenant,
    GRANARY_AUTH_FIRST_ADMIN_PASSWORD: 'p3',
    GRANARY_AUTH_FIRST_KEY: 'k1',
    GRANARY_AUTH_FIRST_PLATFORM_KEY: 'k2',
  });
});
