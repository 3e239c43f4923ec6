import { parse } from 'yaml';
import { alertsOfMessage, firingAlerts } from './alertmanager/alert';
import { renderAlertmanagerConfig } from './alertmanager/config';
import { renderPrometheusConfig, renderTargets } from './prometheus/config';

it('has Prometheus scrape what a file lists, and tell Alertmanager', () => {
  expect(parse(renderPrometheusConfig({ scrapeMs: 15_000, targetsFile: '/data/targets.json', ruleFiles: ['/data/rules/a.yaml'], alertmanager: '127.0.0.1:9093' }))).toEqual({
    global: { scrape_interval: '15000ms', scrape_timeout: '10000ms', evaluation_interval: '15000ms' },
    rule_files: ['/data/rules/a.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:9093'] }] }] },
    scrape_configs: [{ job_name: 'granary', honor_labels: true, file_sd_configs: [{ files: ['/data/targets.json'], refresh_interval: '30s' }] }],
  });
});

it('gives no scrape more time than until the next', () => {
  expect(parse(renderPrometheusConfig({ scrapeMs: 500, targetsFile: '/t', ruleFiles: [], alertmanager: 'a:1' }))).toMatchObject({ global: { scrape_interval: '500ms', scrape_timeout: '500ms' } });
});

it('names a target after its service, and leaves out what has no address yet', () => {
  expect(JSON.parse(renderTargets({ audit: 'http://127.0.0.1:4711', auth: '' }))).toEqual([{ targets: ['127.0.0.1:4711'], labels: { service: 'audit', instance: 'audit' } }]);
});

it('has Alertmanager tell one receiver of the beginning and of the end', () => {
  expect(parse(renderAlertmanagerConfig({ webhook: 'http://127.0.0.1:1/x', groupMs: 1_000, repeatMs: 60_000 }))).toEqual({
    route: { receiver: 'granary', group_by: ['alertname'], group_wait: '1000ms', group_interval: '1000ms', repeat_interval: '60000ms' },
    receivers: [{ name: 'granary', webhook_configs: [{ url: 'http://127.0.0.1:1/x', send_resolved: true }] }],
  });
});

describe('an alert', () => {
  const told = { labels: { alertname: 'EventsHeld', severity: 'ticket' }, annotations: { summary: 's' }, startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T00:04:00Z', fingerprint: 'f' };
  const alert = { name: 'EventsHeld', labels: told.labels, annotations: told.annotations, startsAt: told.startsAt, fingerprint: 'f' };

  it('that fires has no end, whatever Alertmanager expects', () => {
    expect(firingAlerts([told])).toEqual([{ ...alert, state: 'firing', endsAt: null }]);
    expect(alertsOfMessage({ alerts: [{ ...told, status: 'firing' }] })).toEqual([{ ...alert, state: 'firing', endsAt: null }]);
  });

  it('that is over has one', () => {
    expect(alertsOfMessage({ alerts: [{ ...told, status: 'resolved' }] })).toEqual([{ ...alert, state: 'resolved', endsAt: told.endsAt }]);
  });
});
