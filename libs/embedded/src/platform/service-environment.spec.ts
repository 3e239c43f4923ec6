import { serviceEnvironment } from './service-environment';

const address = {
  name: 'audit',
  port: 4711,
  nats: { url: 'nats://127.0.0.1:4222', user: 'audit', password: 'p1' },
  databaseUrl: 'postgres://audit:p2@127.0.0.1:5432/granary',
  folder: '/data/services/audit',
  compileCache: '/data/cache/compile',
  backup: { databaseUrl: 'postgres://backup_reader:p4@127.0.0.1:5432/granary', folder: '/data/backups', natsServer: '/bin/nats-server' },
  first: { adminPassword: 'p3', key: 'k1', platformKey: 'k2' },
};

it('gives a service its own account and leaves the rest as it is', () => {
  const base = { PATH: '/usr/bin', GRANARY_DATABASE_URL: 'postgres://admin:secret@db/granary', GRANARY_NATS_CREDENTIALS: '/all.json', GRANARY_POLL_INTERVAL: '5s', GRANARY_AUTH_FIRST_KEY: 'k0', GRANARY_BACKUP_DATABASE_URL: 'postgres://reader:secret@db/granary', UNSET: undefined };
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

it.each([
  ['what is known', {}, { GRANARY_BACKUP_DATABASE_URL: 'postgres://backup_reader:p4@127.0.0.1:5432/granary', GRANARY_BACKUP_FOLDER: '/data/backups', GRANARY_NATS_SERVER: '/bin/nats-server' }],
  ['what somebody says', { GRANARY_BACKUP_DATABASE_URL: 'postgres://r:p@db/g', GRANARY_BACKUP_FOLDER: '/mnt/backups', GRANARY_NATS_SERVER: '/opt/nats' }, { GRANARY_BACKUP_DATABASE_URL: 'postgres://r:p@db/g', GRANARY_BACKUP_FOLDER: '/mnt/backups', GRANARY_NATS_SERVER: '/opt/nats' }],
])('tells the cache janitor alone what to back up with: %s', (_, base, told) => {
  expect(serviceEnvironment(base, { ...address, name: 'cache-janitor' })).toMatchObject(told);
  expect(serviceEnvironment(base, address)).not.toHaveProperty('GRANARY_BACKUP_DATABASE_URL');
});

it('leaves out what backups cannot have', () => {
  const told = serviceEnvironment({}, { ...address, name: 'cache-janitor', backup: { databaseUrl: null, folder: '/data/backups', natsServer: null } });
  expect(told).not.toHaveProperty('GRANARY_BACKUP_DATABASE_URL');
  expect(told).not.toHaveProperty('GRANARY_NATS_SERVER');
});
