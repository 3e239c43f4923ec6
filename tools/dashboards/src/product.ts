import { figure, inAnHour, lines, percentiles, rate, type Dashboard } from './dashboard.ts';

/** What do people get from it, and what does it cost? */
export const product: Dashboard = {
  uid: 'granary-product',
  title: 'Granary: product',
  description: 'How fresh repositories are, what harvests find, how much is asked and followed, who logs in, and what calls of AI models cost.',
  byService: false,
  rows: [
    {
      title: 'Promises',
      panels: [
        figure({ title: 'Kept, 30 days', description: 'The part that went as promised: answers without failure, events handled in time, remotes that could be asked, repositories that are up to date.', unit: 'percentunit', width: 12, base: 'text', queries: [{ promql: '1 - granary:objective_bad:ratio30d', legend: '{{objective}}' }] }),
        figure({ title: 'Promised', description: 'What is promised.', unit: 'percentunit', width: 12, base: 'text', queries: [{ promql: 'granary:objective_target:ratio', legend: '{{objective}}' }] }),
      ],
    },
    {
      title: 'Repositories',
      panels: [
        figure({ title: 'Watched', description: 'Repositories that are watched.', unit: 'short', base: 'text', queries: [{ promql: 'max(granary_repositories_watched)', legend: 'watched' }] }),
        figure({ title: 'Up to date', description: 'Of the watched repositories, those that are not behind by more than 5 minutes.', unit: 'percentunit', base: 'red', limits: [[0.9, 'orange'], [0.95, 'green']], queries: [{ promql: '1 - max(granary_repositories_behind{longer_than="5m"}) / (max(granary_repositories_watched) > 0)', legend: 'up to date' }], alerts: ['FreshnessLow'] }),
        figure({ title: 'Behind longest', description: 'Since when the repository is behind that is so longest.', unit: 'dtdurations', limits: [[300, 'orange'], [3_600, 'red']], queries: [{ promql: 'max(granary_repository_freshness_worst_seconds)', legend: 'behind' }], alerts: ['FreshnessTooOld'] }),
        figure({ title: 'Withheld', description: 'Repositories whose newest commit holds secrets that nothing allows.', unit: 'short', limits: [[1, 'orange']], queries: [{ promql: 'max(granary_repositories_withheld)', legend: 'withheld' }], alerts: ['RepositoriesWithheld'] }),
        figure({ title: 'Changes found', description: 'Differences between graphs that were announced in the last hour.', unit: 'short', base: 'text', queries: [{ promql: inAnHour('granary_normalizer_changes_total'), legend: 'changes' }] }),
        figure({ title: 'Files read', description: 'Files of completed harvests in the last hour.', unit: 'short', base: 'text', queries: [{ promql: inAnHour('granary_harvest_files_total'), legend: 'files' }] }),
        lines({ title: 'From a commit to the graph', description: 'Time from when a change was first seen until it was in a graph.', unit: 's', limits: [[300, 'red']], queries: percentiles('granary_freshness_seconds', ''), alerts: ['FreshnessBudgetBurnsFast'] }),
        lines({ title: 'Repositories behind', description: 'By how long they are behind.', unit: 'short', queries: [{ promql: 'max by (longer_than) (granary_repositories_behind)', legend: 'longer than {{longer_than}}' }], alerts: ['FreshnessLow'] }),
        lines({ title: 'Harvests', description: 'Harvests that ended within an hour, by outcome.', unit: 'short', queries: [{ promql: inAnHour('granary_harvests_total', 'outcome'), legend: '{{outcome}}' }], alerts: ['HarvestsFailing'] }),
      ],
    },
    {
      title: 'Use',
      panels: [
        lines({ title: 'Requests', description: 'Requests a second to the HTTP API.', unit: 'ops', queries: [{ promql: rate('granary_http_requests_total{service="gateway", route=~"/v1/.*"}', 'status'), legend: '{{status}}' }] }),
        lines({ title: 'Time to answer', description: 'What somebody who asks waits for.', unit: 's', limits: [[2, 'orange']], queries: percentiles('granary_http_request_seconds', '{service="gateway", route=~"/v1/.*"}'), alerts: ['RequestsSlow'] }),
        lines({ title: 'Most asked', description: 'The ten routes with the most requests in the last hour.', unit: 'short', queries: [{ promql: `topk(10, ${inAnHour('granary_http_requests_total{service="gateway", route=~"/v1/.*"}', 'method, route')})`, legend: '{{method}} {{route}}' }] }),
        lines({ title: 'Following', description: 'Open streams, and events sent over them a second.', unit: 'short', queries: [{ promql: 'sum(granary_gateway_streams)', legend: 'streams' }, { promql: rate('granary_gateway_stream_events_total'), legend: 'events a second' }] }),
        lines({ title: 'Events of other programs', description: 'Events handed in within an hour, by what became of them.', unit: 'short', queries: [{ promql: `${inAnHour('granary_admission_total', 'outcome')} > 0`, legend: '{{outcome}}' }], alerts: ['AdmissionRefusing'] }),
        lines({ title: 'Events handed in', description: 'Bytes a second, by entrance.', unit: 'Bps', queries: [{ promql: rate('granary_admission_bytes_total', 'entrance'), legend: '{{entrance}}' }] }),
        lines({ title: 'Sessions', description: 'Sessions that go on.', unit: 'short', queries: [{ promql: 'max(granary_auth_sessions)', legend: 'sessions' }] }),
        lines({ title: 'Logins', description: 'Attempts to log in within an hour, by outcome.', unit: 'short', queries: [{ promql: inAnHour('granary_auth_logins_total', 'outcome'), legend: '{{outcome}}' }], alerts: ['LoginsLocked'] }),
        lines({ title: 'Tokens', description: 'Access tokens a second, by what they were given for.', unit: 'ops', queries: [{ promql: rate('granary_auth_tokens_total', 'credential'), legend: '{{credential}}' }], alerts: ['RefreshTokenReused'] }),
      ],
    },
    {
      title: 'AI: calls and costs',
      panels: [
        figure({ title: 'Cost, 24 hours', description: 'What calls of models cost that had a price when they were read. `granary audit summary` has it by team, model and repository, with prices that came later.', unit: 'currencyUSD', base: 'text', queries: [{ promql: 'sum(increase(granary_ai_audit_cost_dollars_total[24h]))', legend: 'cost' }] }),
        figure({ title: 'Cost, 30 days', description: 'The same over 30 days.', unit: 'currencyUSD', base: 'text', queries: [{ promql: 'sum(increase(granary_ai_audit_cost_dollars_total[30d]))', legend: 'cost' }] }),
        figure({ title: 'Budgets passed', description: 'Thresholds of budgets that were passed within 24 hours.', unit: 'short', limits: [[1, 'orange']], queries: [{ promql: 'sum(increase(granary_ai_audit_budgets_passed_total[24h]))', legend: 'passed' }], alerts: ['ModelBudgetPassed'] }),
        lines({ title: 'Cost an hour', description: 'Of calls that had a price when they were read.', unit: 'currencyUSD', width: 12, queries: [{ promql: inAnHour('granary_ai_audit_cost_dollars_total'), legend: 'cost' }], alerts: ['ModelBudgetPassed'] }),
        lines({ title: 'Records', description: 'Calls, safety checks, personal data, rejected answers within an hour.', unit: 'short', width: 12, queries: [{ promql: inAnHour('granary_ai_audit_records_total', 'kind'), legend: '{{kind}}' }] }),
        lines({ title: 'Calls without a cost', description: 'Within an hour, by the reason. They are in no sum until a price table says what they cost.', unit: 'short', width: 12, limits: [[1, 'orange']], queries: [{ promql: inAnHour('granary_ai_audit_unpriced_total', 'reason'), legend: '{{reason}}' }], alerts: ['PriceUnknown'] }),
      ],
    },
  ],
};
