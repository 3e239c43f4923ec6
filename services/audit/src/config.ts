import { duration, integer, text, type ConfigOf } from '@granary/service-host';

/** The audit service's own settings. */
export const config = {
  batch: integer('GRANARY_AUDIT_BATCH', { default: 2_000, min: 1, max: 4_000 }),
  lingerMs: duration('GRANARY_AUDIT_LINGER', { default: '50ms', max: '5s' }),
  leaseTtlMs: duration('GRANARY_AUDIT_LEASE', { default: '5s', min: '1s', max: '5m' }),
  partitionSize: integer('GRANARY_AUDIT_PARTITION', { default: 5_000_000, min: 1_000, max: 1_000_000_000 }),
  degradedAfterMs: duration('GRANARY_AUDIT_LAG', { default: '60s', min: '1s', max: '14d' }),
  closedEpoch: integer('GRANARY_AUDIT_CLOSE_EPOCH', { optional: true, min: 1, max: 2_147_483_646 }),
  exportDir: text('GRANARY_AUDIT_EXPORT', { optional: true }),
  keyLifeMs: duration('GRANARY_AUDIT_KEY_LIFE', { default: '365d', min: '1d', max: '3650d' }),
  acceptRewind: integer('GRANARY_AUDIT_ACCEPT_REWIND', { optional: true, min: 0, max: Number.MAX_SAFE_INTEGER }),
};

export type AuditConfig = ConfigOf<typeof config>;
