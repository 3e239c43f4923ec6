import { bytes, duration, integer, text, url, type ConfigOf } from '@granary/service-host';

/** The cache janitor's own settings. */
export const config = {
  expiryMs: duration('GRANARY_CACHE_EXPIRY', { default: '7d', min: '1h', max: '3650d' }),
  budgetBytes: bytes('GRANARY_CACHE_BUDGET', { default: '500MB' }),
  mirrorBudgetBytes: bytes('GRANARY_CACHE_MIRROR_BUDGET', { default: '5GB' }),
  compressOverBytes: bytes('GRANARY_CACHE_COMPRESS_OVER', { default: '1MB' }),
  everyMs: duration('GRANARY_CACHE_EVERY', { default: '24h', min: '1m', max: '30d' }),
  retryMs: duration('GRANARY_CACHE_RETRY', { default: '15m', min: '1s', max: '1d' }),
  lookMs: duration('GRANARY_CACHE_LOOK', { default: '10s', min: '10ms', max: '1h' }),
  backupDatabaseUrl: url('GRANARY_BACKUP_DATABASE_URL', { optional: true, secret: true, protocols: ['postgres', 'postgresql'], example: 'postgres://backup_reader:password@127.0.0.1:5432/granary' }),
  backupFolder: text('GRANARY_BACKUP_FOLDER', { optional: true }),
  backupEveryMs: duration('GRANARY_BACKUP_EVERY', { default: '24h', min: '1m', max: '30d' }),
  backupFirstMs: duration('GRANARY_BACKUP_FIRST', { default: '10m', max: '7d' }),
  backupRetryMs: duration('GRANARY_BACKUP_RETRY', { default: '1h', min: '1s', max: '7d' }),
  backupDaily: integer('GRANARY_BACKUP_DAILY', { default: 7, min: 1, max: 1_000 }),
  backupWeekly: integer('GRANARY_BACKUP_WEEKLY', { default: 4, min: 0, max: 1_000 }),
  backupMonthly: integer('GRANARY_BACKUP_MONTHLY', { default: 12, min: 0, max: 1_000 }),
  natsServer: text('GRANARY_NATS_SERVER', { optional: true }),
  path: text('PATH', { default: '/usr/local/bin:/usr/bin:/bin' }),
  home: text('HOME', { optional: true }),
  cacheHome: text('XDG_CACHE_HOME', { optional: true }),
};

export type CacheJanitorConfig = ConfigOf<typeof config>;
