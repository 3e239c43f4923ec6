import { initdbArguments, postgresArguments } from './settings';

const settings = (fast: boolean) => postgresArguments({ folder: '/data/postgres', port: 5544, fast });

describe('postgresArguments', () => {
  it('listens on loopback only and writes safely', () => {
    expect(settings(false).slice(0, 2)).toEqual(['-D', '/data/postgres']);
    expect(settings(false)).toEqual(
      expect.arrayContaining(['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'port=5544', 'max_connections=120', 'shared_buffers=128MB', 'fsync=on', 'synchronous_commit=on']),
    );
  });

  it('trades safety in a crash of the machine, not of the server, for speed when told', () => {
    expect(settings(true)).toEqual(expect.arrayContaining(['fsync=off', 'synchronous_commit=on', 'max_connections=300', 'scram_iterations=1']));
    expect(settings(false).join(' ')).not.toContain('scram_iterations');
  });
});

it('asks everybody for a password from the beginning', () => {
  const setUp = { folder: '/data/new', admin: 'granary_admin', passwordFile: '/data/password' };
  expect(initdbArguments({ ...setUp, fast: true })).toEqual(expect.arrayContaining(['--no-sync', '--set=scram_iterations=1']));
  expect(initdbArguments({ ...setUp, fast: false })).not.toContain('--no-sync');
  expect(initdbArguments({ ...setUp, fast: false })).toEqual(
    expect.arrayContaining(['--pgdata=/data/new', '--auth=scram-sha-256', '--pwfile=/data/password', '--encoding=UTF8']),
  );
});
