export interface PostgresSettings {
  readonly folder: string;
  readonly port: number;
  /** For tests only: faster, and a crash of the machine may destroy the data. */
  readonly fast: boolean;
}

const ALWAYS = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may be longer than the system allows; TCP on loopback is enough.
  unix_socket_directories: '',
  synchronous_commit: 'on',
  password_encryption: 'scram-sha-256',
  max_connections: '120',
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '1GB',
  checkpoint_completion_target: '0.9',
  // Nobody replicates from here: less write-ahead log, and fewer processes.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%u ',
};

const DURABLE = { fsync: 'on', full_page_writes: 'on' };
// Commits are still handed to the system, so that a killed server loses none. Who connects has to derive a key from the password;
// tests connect thousands of times, with passwords of chance.
const QUICK_LOGIN = { scram_iterations: '1' };
const FAST = { fsync: 'off', full_page_writes: 'off', max_connections: '300', ...QUICK_LOGIN };

/** The command line of the embedded server, tuned for one machine that many small services share. */
export function postgresArguments({ folder, port, fast }: PostgresSettings): string[] {
  const settings = { ...ALWAYS, ...(fast ? FAST : DURABLE), port: String(port) };
  return ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** The command line of initdb: text in UTF-8 with the built-in locale, so that no locale of the machine matters; passwords for everybody. */
export function initdbArguments({ folder, admin, passwordFile, fast }: { folder: string; admin: string; passwordFile: string; fast: boolean }): string[] {
  return [
    `--pgdata=${folder}`,
    `--username=${admin}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(fast ? ['--no-sync', ...Object.entries(QUICK_LOGIN).map(([name, value]) => `--set=${name}=${value}`)] : []),
  ];
}
