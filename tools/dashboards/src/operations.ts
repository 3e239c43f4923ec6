import { figure, inAnHour, lines, percentiles, rate, table, type Dashboard } from './dashboard.ts';

/** What alerts and the objective judge: the HTTP API, with requests that were cut off. */
const API = 'service="gateway", route=~"/v1/.*|closed", route!="/v1/health"';

/** Is everything all right, and if not, since when and what of it? */
export const operations: Dashboard = {
  uid: 'granary-operations',
  title: 'Granary: operations',
  description: 'Whether Granary keeps its objectives, what alerts fire, and how services, events, the record, the servers, caches and backups are.',
  byService: false,
  rows: [
    {
      title: 'Objectives, over 30 days',
      panels: [
        figure({ title: 'Budget left', description: 'Of what may go wrong within 30 days, the part that has not. Below 0 the objective is missed.', unit: 'percentunit', width: 8, base: 'red', limits: [[0, 'orange'], [0.25, 'green']], queries: [{ promql: 'granary:objective_budget_left:ratio30d', legend: '{{objective}}' }], alerts: ['AvailabilityBudgetBurns', 'EventDeliveryBudgetBurns', 'PollingBudgetBurns', 'FreshnessBudgetBurns'] }),
        figure({ title: 'Budget lasts', description: 'How long the budget lasts if things go on as in the last hour. Empty while nothing goes wrong.', unit: 'dtdurations', width: 8, base: 'red', limits: [[86_400, 'orange'], [7 * 86_400, 'green']], queries: [{ promql: 'granary:objective_budget_lasts:seconds', legend: '{{objective}}' }], alerts: ['AvailabilityBudgetBurnsFast', 'EventDeliveryBudgetBurnsFast', 'PollingBudgetBurnsFast', 'FreshnessBudgetBurnsFast'] }),
        figure({ title: 'Events counted in an hour', description: 'What the objectives were judged by in the last hour. Nobody is woken for a handful.', unit: 'short', width: 8, base: 'text', queries: [{ promql: 'granary:objective_events:increase1h', legend: '{{objective}}' }], alerts: ['AvailabilityNotMeasured', 'EventDeliveryNotMeasured', 'PollingNotMeasured', 'FreshnessNotMeasured'] }),
        lines({ title: 'How fast the budget burns', description: 'How many times faster than it may: 1 uses the budget up in exactly 30 days, 14.4 takes 2 % of it in an hour.', unit: 'none', width: 12, limits: [[1, 'yellow'], [6, 'orange'], [14.4, 'red']], queries: [{ promql: 'granary:objective_bad:ratio1h / on (objective) (1 - granary:objective_target:ratio)', legend: '{{objective}}, 1 h' }, { promql: 'granary:objective_bad:ratio6h / on (objective) (1 - granary:objective_target:ratio)', legend: '{{objective}}, 6 h' }] }),
        table({ title: 'Alerts that fire', description: 'What Prometheus holds to be wrong now. Each has a runbook of its name.', unit: 'none', queries: [{ promql: 'ALERTS{alertstate="firing"}' }] }),
      ],
    },
    {
      title: 'Services',
      panels: [
        figure({ title: 'Answer', description: 'Whether each service answers for its metrics.', unit: 'none', width: 12, base: 'red', limits: [[1, 'green']], queries: [{ promql: 'min by (service) (up{job="granary"})', legend: '{{service}}' }], alerts: ['ServiceDown'] }),
        figure({ title: 'Want work', description: 'Whether each service is ready.', unit: 'none', width: 12, base: 'red', limits: [[1, 'green']], queries: [{ promql: 'min by (service) (granary_service_ready)', legend: '{{service}}' }], alerts: ['ServiceNotReady'] }),
        lines({ title: 'Starts', description: 'How often each service was started again within an hour; 0 is usual.', unit: 'short', width: 6, limits: [[3, 'red']], queries: [{ promql: 'sum by (service) (changes(process_start_time_seconds{job="granary"}[1h]))', legend: '{{service}}' }], alerts: ['RestartLoop'] }),
        lines({ title: 'Memory', description: 'Resident memory of each process, as a part of what it may have.', unit: 'percentunit', width: 6, limits: [[0.8, 'red']], queries: [{ promql: 'max by (service) (process_resident_memory_bytes{job="granary"} / granary_process_memory_limit_bytes)', legend: '{{service}}' }], alerts: ['MemoryHigh'] }),
        lines({ title: 'Processor', description: 'Cores that each service keeps busy.', unit: 'none', width: 6, queries: [{ promql: rate('process_cpu_seconds_total{job="granary"}', 'service'), legend: '{{service}}' }] }),
        lines({ title: 'Event loop', description: 'How long each process keeps other work waiting by its own (p99 between two scrapes); a few milliseconds are usual.', unit: 's', width: 6, limits: [[0.25, 'orange']], queries: [{ promql: 'max by (service) (nodejs_eventloop_work_p99_seconds{job="granary"})', legend: '{{service}}' }], alerts: ['LoopBusy'] }),
        lines({ title: 'Free disk', description: 'Of the file systems that services write to.', unit: 'percentunit', width: 6, base: 'red', limits: [[0.1, 'green']], queries: [{ promql: 'min by (service, place) (granary_disk_free_ratio)', legend: '{{service}} {{place}}' }], alerts: ['DiskNearlyFull'] }),
        lines({ title: 'Certificates end', description: 'Time until certificates of broker and database run out; empty where there are none.', unit: 'dtdurations', width: 6, base: 'red', limits: [[14 * 86_400, 'green']], queries: [{ promql: 'min by (certificate) (granary_certificate_expires_timestamp_seconds > 0) - time()', legend: '{{certificate}}' }], alerts: ['CertificateNearEnd'] }),
        lines({ title: 'Slow operations', description: 'Operations a second that took longer than they may; each is in the log with its name.', unit: 'ops', width: 12, queries: [{ promql: rate('granary_slow_operations_total', 'service, kind'), legend: '{{service}} {{kind}}' }], alerts: ['SlowOperation'] }),
      ],
    },
    {
      title: 'Requests over HTTP',
      panels: [
        lines({ title: 'Requests', description: 'Requests a second, by class of status.', unit: 'ops', queries: [{ promql: rate(`granary_http_requests_total{${API}}`, 'status'), legend: '{{status}}' }] }),
        lines({ title: 'Failed', description: 'Of the requests, those that failed by our fault (5xx).', unit: 'percentunit', limits: [[0.02, 'orange'], [0.05, 'red']], queries: [{ promql: `${rate(`granary_http_requests_total{${API}, status="5xx"}`)} / ${rate(`granary_http_requests_total{${API}}`)}`, legend: 'failed' }], alerts: ['ErrorsHigh', 'ErrorsVeryHigh'] }),
        lines({ title: 'Time', description: 'Time to answer. Streams are counted and not timed.', unit: 's', limits: [[2, 'orange'], [5, 'red']], queries: percentiles('granary_http_request_seconds', '{service="gateway", route=~"/v1/.+"}'), alerts: ['RequestsSlow', 'RequestsVerySlow'] }),
        lines({ title: 'Events handed in', description: 'Foreign events a second, by entrance and what became of them.', unit: 'ops', width: 12, queries: [{ promql: rate('granary_admission_total', 'entrance, outcome'), legend: '{{entrance}} {{outcome}}' }], alerts: ['AdmissionRefusing'] }),
        lines({ title: 'Admitted and not stored yet', description: 'Events that the stream has not acknowledged; around 0 is usual.', unit: 'short', width: 6, queries: [{ promql: 'sum(granary_admission_waiting)', legend: 'waiting' }] }),
        lines({ title: 'Open streams', description: 'Clients that follow events or harvests.', unit: 'short', width: 6, queries: [{ promql: 'sum(granary_gateway_streams)', legend: 'streams' }] }),
      ],
    },
    {
      title: 'Events',
      panels: [
        figure({ title: 'Held', description: 'Events that could not be handled and are tried again; those of the same key wait behind them.', unit: 'short', limits: [[1, 'orange']], queries: [{ promql: 'sum(granary_events_held{state="held"})', legend: 'held' }], alerts: ['EventsHeld'] }),
        figure({ title: 'Dead', description: 'Events that wait for somebody to decide.', unit: 'short', limits: [[1, 'red']], queries: [{ promql: 'sum(granary_events_held{state="dead"})', legend: 'dead' }], alerts: ['EventsDead'] }),
        figure({ title: 'Refused by the stream', description: 'Events of the outboxes that the stream refused for good.', unit: 'short', limits: [[1, 'red']], queries: [{ promql: 'sum(granary_outbox_dead)', legend: 'dead' }], alerts: ['OutboxDeadRows'] }),
        figure({ title: 'Oldest unpublished', description: 'Age of the oldest event that waits for publication; below a second is usual.', unit: 's', limits: [[60, 'orange'], [120, 'red']], queries: [{ promql: 'max(granary_outbox_oldest_age_seconds)', legend: 'age' }], alerts: ['OutboxOld'] }),
        figure({ title: 'Oldest unhandled', description: 'Age of the oldest event that a consumer has not handled.', unit: 's', limits: [[60, 'orange'], [300, 'red']], queries: [{ promql: 'max(granary_consumer_oldest_seconds)', legend: 'age' }], alerts: ['ConsumerLagging'] }),
        figure({ title: 'Partitions without owner', description: 'Groups of partitions that nobody consumes; another process takes one over within seconds.', unit: 'short', limits: [[1, 'red']], queries: [{ promql: 'sum(granary_partitions_without_owner)', legend: 'groups' }], alerts: ['PartitionWithoutOwner'] }),
        lines({ title: 'Lag in events', description: 'Events that are stored and not delivered to their consumer yet.', unit: 'short', queries: [{ promql: 'sum by (consumer) (granary_consumer_pending)', legend: '{{consumer}}' }], alerts: ['ConsumerLagging'] }),
        lines({ title: 'Lag in time', description: 'Age of the oldest event in the lanes of each consumer.', unit: 's', limits: [[300, 'red']], queries: [{ promql: 'max by (consumer) (granary_consumer_oldest_seconds)', legend: '{{consumer}}' }], alerts: ['ConsumerLagging'] }),
        lines({ title: 'Outboxes', description: 'Committed events that wait for publication.', unit: 'short', queries: [{ promql: 'max by (service) (granary_outbox_waiting)', legend: '{{service}}' }], alerts: ['OutboxOld'] }),
        lines({ title: 'Published and settled', description: 'Events a second that were published, and that consumers are done with, by what became of them.', unit: 'ops', queries: [{ promql: rate('granary_outbox_published_total', 'service'), legend: 'published by {{service}}' }, { promql: rate('granary_events_settled_total', 'outcome'), legend: 'settled: {{outcome}}' }] }),
        lines({ title: 'Leases of partitions', description: 'Leases that were taken, given back or lost. Many lost ones mean processes that hang or lose the database.', unit: 'ops', queries: [{ promql: rate('granary_partition_lease_changes_total', 'consumer, change'), legend: '{{consumer}} {{change}}' }] }),
        lines({ title: 'Replays', description: 'Replays that are not through, by state.', unit: 'short', queries: [{ promql: 'max by (state) (granary_replay_jobs)', legend: '{{state}}' }] }),
      ],
    },
    {
      title: 'The record',
      panels: [
        lines({ title: 'Behind the stream', description: 'How long ago the event log last had everything; 0 while it does.', unit: 's', width: 6, limits: [[60, 'red']], queries: [{ promql: 'max(granary_event_log_lag_seconds)', legend: 'behind' }], alerts: ['LogWriterBehind'] }),
        lines({ title: 'Events not logged yet', description: 'Events of the stream that the log does not have.', unit: 'short', width: 6, queries: [{ promql: 'max(granary_event_log_lag_messages)', legend: 'events' }], alerts: ['LogWriterBehind'] }),
        figure({ title: 'Until the stream may forget', description: 'How long until the stream may throw away an event that is not logged yet.', unit: 'dtdurations', base: 'red', limits: [[3 * 86_400, 'green']], queries: [{ promql: 'min(granary_event_log_retention_margin_seconds)', legend: 'margin' }], alerts: ['LogRetentionNear'] }),
        figure({ title: 'Newest checkpoint', description: 'Age of the newest signed checkpoint.', unit: 'dtdurations', limits: [[2 * 3_600, 'orange']], queries: [{ promql: 'time() - (max(granary_event_log_checkpoint_timestamp_seconds) > 0)', legend: 'age' }], alerts: ['CheckpointMissing'] }),
        figure({ title: 'Differences', description: 'Positions at which log, tree and stream differ, and rows that were altered. More than 0 is never right.', unit: 'short', limits: [[1, 'red']], queries: [{ promql: 'sum(granary_event_log_differences_total) + sum(granary_audit_log_altered_total)', legend: 'differences' }], alerts: ['LogDiffersFromStream', 'LogAltered'] }),
        lines({ title: 'Files behind the log', description: 'Since when the event log does not lie in files; a day and a bit is usual, empty before the first export.', unit: 'dtdurations', width: 6, queries: [{ promql: 'time() - (max(granary_audit_export_complete_until_seconds) > 0)', legend: 'behind' }], alerts: ['ExportBehind'] }),
        lines({ title: 'Exports', description: 'Rounds of exporting, uploading, dropping and checking that failed; they are tried again.', unit: 'short', width: 6, limits: [[1, 'orange']], queries: [{ promql: inAnHour('granary_audit_export_failures_total', 'work'), legend: '{{work}}' }], alerts: ['ExportBehind'] }),
      ],
    },
    {
      title: 'Broker and database',
      panels: [
        figure({ title: 'Broker', description: 'Whether each service is connected to the broker.', unit: 'none', width: 12, base: 'red', limits: [[1, 'green']], queries: [{ promql: 'min by (service) (granary_broker_up)', legend: '{{service}}' }], alerts: ['BrokerDown'] }),
        figure({ title: 'Database', description: 'Whether the database answers each service.', unit: 'none', width: 12, base: 'red', limits: [[1, 'green']], queries: [{ promql: 'min by (service) (granary_database_up)', legend: '{{service}}' }], alerts: ['DatabaseDown'] }),
        lines({ title: 'Reconnects to the broker', description: 'How often services came back within an hour; 0 is usual.', unit: 'short', width: 6, queries: [{ promql: inAnHour('granary_broker_reconnects_total', 'service'), legend: '{{service}}' }], alerts: ['BrokerDown'] }),
        lines({ title: 'Connections in use', description: 'Of the connections that each service may have to the database.', unit: 'percentunit', width: 6, limits: [[0.9, 'red']], queries: [{ promql: 'max by (service) (granary_database_pool_connections{state="used"} / ignoring (state) granary_database_pool_size)', legend: '{{service}}' }], alerts: ['PoolNearExhaustion'] }),
        lines({ title: 'Waiting for a connection', description: 'Work that waits before it can begin; 0 is usual.', unit: 'short', width: 6, limits: [[5, 'red']], queries: [{ promql: 'max by (service) (granary_database_pool_waiting)', legend: '{{service}}' }], alerts: ['PoolNearExhaustion'] }),
        lines({ title: 'Oldest transaction', description: 'Old transactions make outboxes slow, also in other databases.', unit: 's', width: 6, limits: [[600, 'orange']], queries: [{ promql: 'max(granary_database_oldest_transaction_seconds)', legend: 'oldest' }], alerts: ['LongTransaction'] }),
      ],
    },
    {
      title: 'Caches and backups',
      panels: [
        figure({ title: 'Last proven backup', description: 'Time since a backup was last restored into scratch servers and found right.', unit: 'dtdurations', limits: [[30 * 3_600, 'orange'], [36 * 3_600, 'red']], queries: [{ promql: 'min(granary_backup_verified_age_seconds)', legend: 'age' }], alerts: ['BackupNotVerified'] }),
        figure({ title: 'Backups', description: 'Backups that are kept.', unit: 'short', base: 'text', queries: [{ promql: 'max(granary_backups)', legend: 'backups' }] }),
        figure({ title: 'Backups take', description: 'On the disk.', unit: 'bytes', base: 'text', queries: [{ promql: 'max(granary_backup_bytes)', legend: 'bytes' }] }),
        figure({ title: 'Caches over budget', description: 'By how much, after the last cycle, because all of it was in use.', unit: 'bytes', limits: [[1, 'orange']], queries: [{ promql: 'max(granary_cache_over_budget_bytes)', legend: 'over' }], alerts: ['CacheOverBudget'] }),
        lines({ title: 'Backup runs', description: 'Backups and proofs within an hour, by outcome.', unit: 'short', queries: [{ promql: inAnHour('granary_backup_runs_total', 'kind, outcome'), legend: '{{kind}} {{outcome}}' }], alerts: ['BackupNotVerified'] }),
        lines({ title: 'Caches', description: 'What caches took after the last cycle.', unit: 'bytes', queries: [{ promql: 'sum by (kind) (granary_cache_bytes)', legend: '{{kind}}' }] }),
        lines({ title: 'Cleaning up', description: 'Cycles within an hour by outcome, and what could not be done.', unit: 'short', queries: [{ promql: inAnHour('granary_cache_cycles_total', 'outcome'), legend: '{{outcome}}' }, { promql: inAnHour('granary_cache_failures_total', 'owner'), legend: 'failures of {{owner}}' }], alerts: ['CleanupFailed'] }),
        lines({ title: 'Freed', description: 'Bytes freed within an hour, by what freed them.', unit: 'bytes', queries: [{ promql: inAnHour('granary_cache_freed_bytes_total', 'by'), legend: '{{by}}' }] }),
      ],
    },
  ],
};
