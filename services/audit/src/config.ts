import { bytes, duration, integer, oneOf, secret, text, url, type ConfigOf } from '@granary/service-host';

/** The audit service's own settings. */
export const config = {
  batch: integer('GRANARY_AUDIT_BATCH', 'events of one write at most', { default: 2_000, min: 1, max: 4_000 }),
  lingerMs: duration('GRANARY_AUDIT_LINGER', 'how long a batch that is not full waits for more', { default: '50ms', max: '5s' }),
  leaseTtlMs: duration('GRANARY_AUDIT_LEASE', 'how long a writer that went silent keeps its lease', { default: '5s', min: '1s', max: '5m' }),
  partitionSize: integer('GRANARY_AUDIT_PARTITION', 'sequences of one partition of the log', { default: 5_000_000, min: 1_000, max: 1_000_000_000 }),
  degradedAfterMs: duration('GRANARY_AUDIT_LAG', 'a log that is behind for longer is degraded', { default: '60s', min: '1s', max: '14d' }),
  aiLeaseTtlMs: duration('GRANARY_AUDIT_AI_LEASE', 'how long a process that went silent keeps reading the log for the AI audit to itself', { default: '15s', min: '1s', max: '5m' }),
  aiKeepMs: duration('GRANARY_AUDIT_AI_RETENTION', 'how long records of the AI audit are kept', { default: '400d', min: '32d' }),
  closedEpoch: integer('GRANARY_AUDIT_CLOSE_EPOCH', 'an epoch that is over although the stream does not show it', { optional: true, min: 1, max: 2_147_483_646 }),
  exportDir: text('GRANARY_AUDIT_EXPORT', 'folder of the export; `exports/audit` in `GRANARY_DATA` without it. Best on another disk than the database', { optional: true }),
  keyLifeMs: duration('GRANARY_AUDIT_KEY_LIFE', 'how long a key signs checkpoints', { default: '365d', min: '1d', max: '3650d' }),
  comparePerSecond: integer('GRANARY_AUDIT_COMPARE_RATE', 'events a second that are compared with the stream at most', { default: 2_000, min: 10, max: 1_000_000 }),
  acceptRewind: integer('GRANARY_AUDIT_ACCEPT_REWIND', 'the size of a checkpoint outside of the database that the log need not fit any more', { optional: true, min: 0, max: Number.MAX_SAFE_INTEGER }),
  exportPartBytes: bytes('GRANARY_AUDIT_EXPORT_PART', 'what one file of the export holds before compression', { default: '100MB' }),
  // Longer than the stream keeps anything: what the log lacks is read again from there.
  retentionMs: duration('GRANARY_AUDIT_RETENTION', 'how long days of the log are kept; longer than the stream keeps events', { default: '90d', min: '15d', max: '36500d' }),
  s3Bucket: text('GRANARY_AUDIT_S3_BUCKET', 'bucket of the copy of the export; without it there is none', { optional: true }),
  s3Prefix: text('GRANARY_AUDIT_S3_PREFIX', 'where in the bucket', { default: '' }),
  s3Region: text('GRANARY_AUDIT_S3_REGION', 'region of the bucket', { default: 'us-east-1' }),
  s3Endpoint: url('GRANARY_AUDIT_S3_ENDPOINT', 'address of the storage; AWS without it', { optional: true, protocols: ['http', 'https'], example: 'https://storage.example:9000' }),
  s3KeyId: text('GRANARY_AUDIT_S3_KEY_ID', 'id of the key; without it the SDK looks where it always does (role of the machine, web identity)', { optional: true }),
  s3Secret: secret('GRANARY_AUDIT_S3_SECRET', 'the key', { optional: true }),
  s3Lock: oneOf('GRANARY_AUDIT_S3_LOCK', 'locks each object; the bucket must have been made for it', ['none', 'governance', 'compliance'], { default: 'none' }),
  s3LockForMs: duration('GRANARY_AUDIT_S3_LOCK_FOR', 'for so long', { default: '365d', min: '1d', max: '36500d' }),
};

export type AuditConfig = ConfigOf<typeof config>;
