import { bytes, duration, integer, text, url, type ConfigOf } from '@granary/service-host';

/** The cache janitor's own settings. */
export const config = {
  expiryMs: duration('GRANARY_CACHE_EXPIRY', 'what was not used for so long goes', { default: '7d', min: '1h', max: '3650d' }),
  budgetBytes: bytes('GRANARY_CACHE_BUDGET', 'what artifacts and facts of all tenants may take together, as stored', { default: '500MB' }),
  mirrorBudgetBytes: bytes('GRANARY_CACHE_MIRROR_BUDGET', 'what mirrors may take', { default: '5GB' }),
  compressOverBytes: bytes('GRANARY_CACHE_COMPRESS_OVER', 'larger artifacts are packed more tightly; size as stored', { default: '1MB' }),
  everyMs: duration('GRANARY_CACHE_EVERY', 'from one cycle to the next', { default: '24h', min: '1m', max: '30d' }),
  retryMs: duration('GRANARY_CACHE_RETRY', 'from a cycle that failed to the next', { default: '15m', min: '1s', max: '1d' }),
  lookMs: duration('GRANARY_CACHE_LOOK', 'how often to look whether a cycle is due', { default: '10s', min: '10ms', max: '1h' }),
  backupDatabaseUrl: url('GRANARY_BACKUP_DATABASE_URL', 'the database as the role that backups read with; without it there are no backups', { optional: true, secret: true, protocols: ['postgres', 'postgresql'], example: 'postgres://backup_reader:password@127.0.0.1:5432/granary' }),
  backupFolder: text('GRANARY_BACKUP_FOLDER', 'where backups lie; `backups` in `GRANARY_DATA` without it. Another disk is better, another machine best', { optional: true }),
  backupEveryMs: duration('GRANARY_BACKUP_EVERY', 'from one backup to the next', { default: '24h', min: '1m', max: '30d' }),
  backupFirstMs: duration('GRANARY_BACKUP_FIRST', 'the first one so long after the start of a platform without any', { default: '10m', max: '7d' }),
  backupRetryMs: duration('GRANARY_BACKUP_RETRY', 'from a backup that failed to the next', { default: '1h', min: '1s', max: '7d' }),
  backupDaily: integer('GRANARY_BACKUP_DAILY', 'days of which a backup is kept', { default: 7, min: 1, max: 1_000 }),
  backupWeekly: integer('GRANARY_BACKUP_WEEKLY', 'weeks of which a backup is kept', { default: 4, min: 0, max: 1_000 }),
  backupMonthly: integer('GRANARY_BACKUP_MONTHLY', 'months of which a backup is kept', { default: 12, min: 0, max: 1_000 }),
  natsServer: text('GRANARY_NATS_SERVER', 'the nats-server of the scratch servers; found as the platform finds it without it', { optional: true }),
  path: text('PATH', 'where programs are looked for', { default: '/usr/local/bin:/usr/bin:/bin' }),
  home: text('HOME', 'passed on to programs that the service runs', { optional: true }),
  cacheHome: text('XDG_CACHE_HOME', 'where programs that were fetched are cached', { optional: true }),
};

export type CacheJanitorConfig = ConfigOf<typeof config>;
