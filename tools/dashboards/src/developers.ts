import { lines, percentiles, rate, type Dashboard } from './dashboard.ts';

const OF = '{service=~"$service"}';
const of = (more: string): string => `{service=~"$service", ${more}}`;

/** Where does the time go, and what fails? */
export const developers: Dashboard = {
  uid: 'granary-developers',
  title: 'Granary: developers',
  description: 'Rates, errors and times of routes, RPCs and handlers; stages and tiers of harvests; the database; the log writer; processes; what monitoring costs.',
  byService: true,
  rows: [
    {
      title: 'HTTP',
      panels: [
        lines({ title: 'Requests by route', description: 'Requests a second. `unknown` are paths that nobody serves.', unit: 'ops', queries: [{ promql: rate(`granary_http_requests_total${OF}`, 'method, route'), legend: '{{method}} {{route}}' }] }),
        lines({ title: 'Errors by route', description: 'Requests a second that were refused (4xx) or failed (5xx).', unit: 'ops', queries: [{ promql: `${rate(`granary_http_requests_total${of('status=~"4xx|5xx"')}`, 'route, status')} > 0`, legend: '{{route}} {{status}}' }], alerts: ['ErrorsHigh'] }),
        lines({ title: 'Time', description: 'Time to answer, of all routes of the chosen services.', unit: 's', limits: [[2, 'orange'], [5, 'red']], queries: percentiles('granary_http_request_seconds', OF, 'service'), alerts: ['RequestsSlow'] }),
        lines({ title: 'Slowest routes', description: 'p99 of the ten routes that take longest.', unit: 's', width: 24, queries: [{ promql: `topk(10, histogram_quantile(0.99, sum by (le, method, route) (rate(granary_http_request_seconds_bucket${OF}[$__rate_interval]))))`, legend: '{{method}} {{route}}' }] }),
      ],
    },
    {
      title: 'RPC',
      panels: [
        lines({ title: 'Calls by operation', description: 'RPCs a second.', unit: 'ops', queries: [{ promql: `${rate(`granary_rpc_answered_total${OF}`, 'operation')} > 0`, legend: '{{operation}}' }] }),
        lines({ title: 'Errors by operation', description: 'RPCs a second that were answered with a fault, and that the guard refused.', unit: 'ops', queries: [{ promql: `${rate(`granary_rpc_answered_total${of('outcome!="ok"')}`, 'operation, outcome')} > 0`, legend: '{{operation}} {{outcome}}' }, { promql: `${rate(`granary_rpc_refused_total${OF}`, 'operation, code')} > 0`, legend: '{{operation}} refused: {{code}}' }] }),
        lines({ title: 'Time', description: 'Time to answer, of all operations of the chosen services.', unit: 's', queries: percentiles('granary_rpc_seconds', OF, 'service') }),
      ],
    },
    {
      title: 'Handlers of events',
      panels: [
        lines({ title: 'Events by type', description: 'Events a second that a consumer is done with.', unit: 'ops', queries: [{ promql: `${rate(`granary_events_settled_total${OF}`, 'type')} > 0`, legend: '{{type}}' }] }),
        lines({ title: 'Outcomes', description: 'What became of them.', unit: 'ops', queries: [{ promql: rate(`granary_events_settled_total${OF}`, 'service, outcome'), legend: '{{service}} {{outcome}}' }], alerts: ['EventsHeld', 'EventsDead'] }),
        lines({ title: 'Attempts that failed', description: 'By whether another attempt can help.', unit: 'ops', queries: [{ promql: rate(`granary_event_handler_failures_total${OF}`, 'service, kind'), legend: '{{service}} {{kind}}' }] }),
        lines({ title: 'Time of an attempt', description: 'Of all types of the chosen services.', unit: 's', queries: percentiles('granary_event_handler_seconds', OF, 'service') }),
        lines({ title: 'Announcement to end', description: 'Events a second by whether they were handled in time.', unit: 'ops', queries: [{ promql: rate(`granary_event_deliveries_total${OF}`, 'outcome'), legend: '{{outcome}}' }], alerts: ['EventDeliveryBudgetBurnsFast'] }),
        lines({ title: 'Replayed events', description: 'Events of replays a second, by what became of them.', unit: 'ops', queries: [{ promql: rate(`granary_events_replayed_total${OF}`, 'outcome'), legend: '{{outcome}}' }] }),
      ],
    },
    {
      title: 'Harvests',
      panels: [
        ...(['fetching', 'scanning', 'parsing', 'storing'] as const).map((stage) =>
          lines({ title: `Time of ${stage}`, description: `Time that completed and failed harvests spent ${stage}.`, unit: 's', width: 6, queries: percentiles('granary_harvest_stage_seconds', `{stage="${stage}"}`), ...(stage === 'fetching' && { alerts: ['HarvestHangs'] }) }),
        ),
        lines({ title: 'From request to end', description: 'Time from the request of a harvest until its end.', unit: 's', width: 6, queries: percentiles('granary_harvest_stage_seconds', '{stage="total"}'), alerts: ['HarvestsFailing'] }),
        lines({ title: 'Files by tier', description: 'Files a second by the tier that read them: 1 known already, 2 analysed, 3 light scan.', unit: 'ops', width: 6, queries: [{ promql: rate('granary_harvest_tier_files_total', 'tier'), legend: 'tier {{tier}}' }] }),
        lines({ title: 'Time of a file by tier', description: 'Time of analysis workers divided by files.', unit: 's', width: 6, queries: [{ promql: `${rate('granary_harvest_tier_seconds_total', 'tier')} / ${rate('granary_harvest_tier_files_total', 'tier')}`, legend: 'tier {{tier}}' }] }),
        lines({ title: 'Files by result', description: 'Files a second of completed harvests.', unit: 'ops', width: 6, queries: [{ promql: rate('granary_harvest_files_total', 'result'), legend: '{{result}}' }] }),
        lines({ title: 'Jobs', description: 'Harvest jobs by state.', unit: 'short', width: 6, queries: [{ promql: 'max by (state) (granary_harvest_jobs{state!~"completed|cancelled"})', legend: '{{state}}' }] }),
        lines({ title: 'Oldest job', description: 'How long the oldest job has been in its state.', unit: 's', width: 6, limits: [[1_800, 'orange']], queries: [{ promql: 'max by (state) (granary_harvest_job_oldest_seconds)', legend: '{{state}}' }], alerts: ['HarvestHangs'] }),
        lines({ title: 'Workers that died', description: 'Analysis workers that ended in the middle of their work.', unit: 'ops', width: 6, queries: [{ promql: rate('granary_analysis_worker_deaths_total', 'reason'), legend: '{{reason}}' }], alerts: ['AnalysisWorkersDie'] }),
        lines({ title: 'Polls', description: 'Polls of remotes a second, by outcome.', unit: 'ops', width: 6, queries: [{ promql: rate('granary_polls_total', 'outcome'), legend: '{{outcome}}' }], alerts: ['PollingBudgetBurnsFast'] }),
      ],
    },
    {
      title: 'Graphs',
      panels: [
        lines({ title: 'Time of normalizing', description: 'From facts to a stored graph with its differences.', unit: 's', queries: percentiles('granary_normalizer_seconds', '') }),
        lines({ title: 'Graphs', description: 'Graphs stored a second, by how they stand to the newest.', unit: 'ops', queries: [{ promql: rate('granary_normalizer_graphs_total', 'standing'), legend: '{{standing}}' }] }),
        lines({ title: 'Graphs found in memory', description: 'Of the questions about graphs, those that needed no database.', unit: 'percentunit', queries: [{ promql: `${rate('granary_normalizer_graph_lookups_total{outcome="hit"}')} / ${rate('granary_normalizer_graph_lookups_total')}`, legend: 'hits' }] }),
      ],
    },
    {
      title: 'Database',
      panels: [
        lines({ title: 'Statements', description: 'Statements a second, by kind.', unit: 'ops', queries: [{ promql: rate(`granary_database_seconds_count${OF}`, 'service, operation'), legend: '{{service}} {{operation}}' }] }),
        lines({ title: 'Time of a statement', description: 'Of the chosen services.', unit: 's', queries: percentiles('granary_database_seconds', OF, 'service') }),
        lines({ title: 'Time of a statement by kind', description: 'p99 of the chosen services.', unit: 's', queries: [{ promql: `histogram_quantile(0.99, sum by (le, operation) (rate(granary_database_seconds_bucket${OF}[$__rate_interval])))`, legend: '{{operation}}' }] }),
        lines({ title: 'Connections', description: 'Of the pool of each service.', unit: 'short', queries: [{ promql: `sum by (service, state) (granary_database_pool_connections${OF})`, legend: '{{service}} {{state}}' }, { promql: `max by (service) (granary_database_pool_size${OF})`, legend: '{{service}} at most' }], alerts: ['PoolNearExhaustion'] }),
        lines({ title: 'Waiting for a connection', description: 'How long work waited for one.', unit: 's', queries: percentiles('granary_database_pool_wait_seconds', OF), alerts: ['PoolNearExhaustion'] }),
        lines({ title: 'Slow operations', description: 'Operations a second that took longer than they may; each is in the log with its name.', unit: 'ops', queries: [{ promql: rate(`granary_slow_operations_total${OF}`, 'service, kind'), legend: '{{service}} {{kind}}' }], alerts: ['SlowOperation'] }),
      ],
    },
    {
      title: 'Log writer and AI audit',
      panels: [
        lines({ title: 'Rows', description: 'Events a second written to the event log.', unit: 'ops', width: 6, queries: [{ promql: rate('granary_event_log_rows_total'), legend: 'rows' }] }),
        lines({ title: 'Rows of a write', description: 'How many events share a commit.', unit: 'short', width: 6, queries: percentiles('granary_event_log_batch_rows', '') }),
        lines({ title: 'Time of a write', description: 'With its commit.', unit: 's', width: 6, queries: percentiles('granary_event_log_write_seconds', '') }),
        lines({ title: 'AI audit', description: 'Time of a write of the AI audit, with its commit.', unit: 's', width: 6, queries: percentiles('granary_ai_audit_write_seconds', '') }),
        lines({ title: 'Position', description: 'Last sequence written, and up to which log and stream were compared.', unit: 'short', width: 12, queries: [{ promql: 'max(granary_event_log_sequence)', legend: 'written' }, { promql: 'max(granary_event_log_complete_sequence)', legend: 'compared' }], alerts: ['LogWriterBehind'] }),
        lines({ title: 'Caches', description: 'Of what was looked for in caches, the part that was there.', unit: 'percentunit', width: 12, queries: [{ promql: `${rate(`granary_cache_lookups_total${of('outcome="hit"')}`, 'service, kind')} / ${rate(`granary_cache_lookups_total${OF}`, 'service, kind')}`, legend: '{{service}} {{kind}}' }] }),
      ],
    },
    {
      title: 'Processes',
      panels: [
        lines({ title: 'Resident memory', description: 'Of each process.', unit: 'bytes', width: 6, queries: [{ promql: `max by (service) (process_resident_memory_bytes${OF})`, legend: '{{service}}' }], alerts: ['MemoryHigh'] }),
        lines({ title: 'Heap', description: 'JavaScript objects, also those that are garbage already.', unit: 'bytes', width: 6, queries: [{ promql: `max by (service) (nodejs_heap_size_used_bytes${OF})`, legend: '{{service}}' }] }),
        lines({ title: 'External memory', description: 'Buffers outside of the heap.', unit: 'bytes', width: 6, queries: [{ promql: `max by (service) (nodejs_external_memory_bytes${OF})`, legend: '{{service}}' }] }),
        lines({ title: 'Garbage collection', description: 'Part of the time that it takes, by kind.', unit: 'percentunit', width: 6, queries: [{ promql: rate(`nodejs_gc_duration_seconds_sum${OF}`, 'service, kind'), legend: '{{service}} {{kind}}' }] }),
        lines({ title: 'Event loop, waiting', description: 'From one look at the event loop to the next, between two scrapes: 20 ms, and as long as the process keeps work waiting.', unit: 's', width: 6, queries: [{ promql: `max by (service) (nodejs_eventloop_lag_p50_seconds${OF})`, legend: 'p50 {{service}}' }, { promql: `max by (service) (nodejs_eventloop_lag_p99_seconds${OF})`, legend: 'p99 {{service}}' }], alerts: ['LoopBusy'] }),
        lines({ title: 'Event loop, own work', description: 'How much of it was this process’ doing (p99); the rest is the machine’s.', unit: 's', width: 6, queries: [{ promql: `max by (service) (nodejs_eventloop_work_p99_seconds${OF})`, legend: '{{service}}' }], alerts: ['LoopBusy'] }),
        lines({ title: 'Processor', description: 'Cores that each service keeps busy.', unit: 'none', width: 6, queries: [{ promql: rate(`process_cpu_seconds_total${OF}`, 'service'), legend: '{{service}}' }] }),
        lines({ title: 'Open handles', description: 'Sockets, timers and files of each process.', unit: 'short', width: 6, queries: [{ promql: `max by (service) (nodejs_active_resources_total${OF})`, legend: '{{service}}' }] }),
      ],
    },
    {
      title: 'Monitoring itself',
      panels: [
        lines({ title: 'Time of a scrape', description: 'How long each service takes to answer for its metrics.', unit: 's', queries: [{ promql: `max by (service) (scrape_duration_seconds${OF})`, legend: '{{service}}' }] }),
        lines({ title: 'Series', description: 'Of each service; they have a budget.', unit: 'short', queries: [{ promql: `sum by (service) (scrape_samples_scraped${OF})`, legend: '{{service}}' }] }),
        lines({ title: 'New series', description: 'Since the scrape before; around 0 once a service has started.', unit: 'short', queries: [{ promql: `sum by (service) (scrape_series_added${OF})`, legend: '{{service}}' }] }),
      ],
    },
  ],
};
