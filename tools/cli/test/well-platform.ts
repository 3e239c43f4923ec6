// What the parts of a platform say that lacks nothing, at half past nine.

export const NOW = '2026-03-02T09:30:00.000Z';

/** What a service says at `/health/status` and `/metrics`. */
export function wellVitals(service: string): { status: { checks: object[] } & Record<string, unknown>; metrics: string } {
  return {
    status: {
      status: 'healthy', service, version: '0.1.0', uptimeSeconds: 1_800, build: null, now: NOW, startedAt: '2026-03-02T09:00:00.000Z', phase: { state: 'ready' },
      checks: [
        { name: 'broker', critical: true, state: 'healthy', facts: { server: '2.15.1', roundTripMs: 1 }, ms: 1 },
        { name: 'database', critical: true, state: 'healthy', facts: { server: '18.4', clockOffsetMs: 0, migrations: 3, pending: [], ahead: [] }, ms: 1 },
      ],
    },
    metrics: [...SAME, ...(OWN[service] ?? [])].map((line) => `${line}\n`).join(''),
  };
}

const SAME = ['granary_outbox_leading 1', 'granary_outbox_waiting 0', 'granary_outbox_dead 0', 'granary_outbox_oldest_age_seconds 0', 'process_resident_memory_bytes 150000000'];

const OWN: Readonly<Record<string, readonly string[]>> = {
  harvester: ['granary_repository_freshness_worst_seconds 0'],
  normalizer: [0, 1, 2, 3].flatMap((group) => [
    `granary_partition_lease_owned{consumer="normalizer",group="${group}"} 1`,
    `granary_consumer_pending{consumer="normalizer",group="${group}"} 0`,
    `granary_consumer_oldest_seconds{consumer="normalizer",group="${group}"} 0`,
  ]),
  audit: [
    'granary_event_log_writer{state="standby"} 0', 'granary_event_log_writer{state="writing"} 1', 'granary_event_log_lag_messages 0', 'granary_event_log_lag_seconds 0', 'granary_event_log_retention_margin_seconds 1209600',
    'granary_event_log_differences_total{kind="differs"} 0', 'granary_event_log_checkpoint_state{state="consistent"} 1', 'granary_audit_log_altered_total 0',
  ],
  'cache-janitor': ['granary_backup_verified_age_seconds 3600', 'granary_backups 7', 'granary_backup_bytes 73400320'],
};

/** What the broker's monitoring answers at `/jsz`. */
export function wellMonitor(): { now: string; account_details: { stream_detail: { name: string; state: object; consumer_detail: { name: string; num_pending: number; num_ack_pending: number; num_waiting: number }[] }[] }[] } {
  const consumers = ['audit-log', 'normalizer-0', 'normalizer-1', 'normalizer-2', 'normalizer-3'].map((name) => ({ name, num_pending: 0, num_ack_pending: 0, num_waiting: 1 }));
  return { now: NOW, account_details: [{ stream_detail: [{ name: 'EVENTS', state: { messages: 4_711, last_seq: 4_711 }, consumer_detail: consumers }] }] };
}
