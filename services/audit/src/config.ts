import { bytes, duration, integer, oneOf, secret, text, url, type ConfigOf } from '@granary/service-host';

/** The audit service's own settings. */
export const config = {
  batch: integer('GRANARY_AUDIT_BATCH', { default: 2_000, min: 1, max: 4_000 }),
  lingerMs: duration('GRANARY_AUDIT_LINGER', { default: '50ms', max: '5s' }),
  leaseTtlMs: duration('GRANARY_AUDIT_LEASE', { default: '5s', min: '1s', max: '5m' }),
  partitionSize: integer('GRANARY_AUDIT_PARTITION', { default: 5_000_000, min: 1_000, max: 1_000_000_000 }),
  degradedAfterMs: duration('GRANARY_AUDIT_LAG', { default: '60s', min: '1s', max: '14d' }),
  aiLeaseTtlMs: duration('GRANARY_AUDIT_AI_LEASE', { default: '15s', min: '1s', max: '5m' }),
  aiKeepMs: duration('GRANARY_AUDIT_AI_RETENTION', { default: '400d', min: '32d' }),
  closedEpoch: integer('GRANARY_AUDIT_CLOSE_EPOCH', { optional: true, min: 1, max: 2_147_483_646 }),
  exportDir: text('GRANARY_AUDIT_EXPORT', { optional: true }),
  keyLifeMs: duration('GRANARY_AUDIT_KEY_LIFE', { default: '365d', min: '1d', max: '3650d' }),
  comparePerSecond: integer('GRANARY_AUDIT_COMPARE_RATE', { default: 2_000, min: 10, max: 1_000_000 }),
  acceptRewind: integer('GRANARY_AUDIT_ACCEPT_REWIND', { optional: true, min: 0, max: Number.MAX_SAFE_INTEGER }),
  exportPartBytes: bytes('GRANARY_AUDIT_EXPORT_PART', { default: '100MB' }),
  // Longer than the stream keeps anything: what the log lacks is read again from there.
  retentionMs: duration('GRANARY_AUDIT_RETENTION', { default: '90d', min: '15d', max: '36500d' }),
  s3Bucket: text('GRANARY_AUDIT_S3_BUCKET', { optional: true }),
  s3Prefix: text('GRANARY_AUDIT_S3_PREFIX', { default: '' }),
  s3Region: text('GRANARY_AUDIT_S3_REGION', { default: 'us-east-1' }),
  s3Endpoint: url('GRANARY_AUDIT_S3_ENDPOINT', { optional: true, protocols: ['http', 'https'], example: 'https://storage.example:9000' }),
  s3KeyId: text('GRANARY_AUDIT_S3_KEY_ID', { optional: true }),
  s3Secret: secret('GRANARY_AUDIT_S3_SECRET', { optional: true }),
  s3Lock: oneOf('GRANARY_AUDIT_S3_LOCK', ['none', 'governance', 'compliance'], { default: 'none' }),
  s3LockForMs: duration('GRANARY_AUDIT_S3_LOCK_FOR', { default: '365d', min: '1d', max: '36500d' }),
};

export type AuditConfig = ConfigOf<typeof config>;
