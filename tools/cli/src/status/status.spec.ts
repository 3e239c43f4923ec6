import { type Held, type Job, rpcExamples } from '@granary/contracts';
import type { PlatformFile } from '@granary/embedded';
import { createStyle } from '../shell/style';
import { samplesOf, sumOf } from './metrics';
import { isWell, renderServices, reportOf, type ServiceReport } from './service-report';
import { allWell, renderStatus, statusOf } from './status';

const plain = createStyle(false);
const facts = { name: 'normalizer', pid: 4711, restarts: 0 };
const healthBody = { status: 'healthy', service: 'normalizer', version: '0.1.0', uptimeSeconds: 75, phase: { state: 'ready' }, checks: [{ name: 'broker', critical: true, state: 'healthy', ms: 1 }] };
const metrics = [
  '# HELP granary_consumer_pending Events stored for the consumer and not yet delivered',
  '# TYPE granary_consumer_pending gauge',
  'granary_consumer_pending{consumer="normalizer",group="0"} 3',
  'granary_consumer_pending{consumer="normalizer",group="1"} 4',
  'granary_consumer_pending_old 100',
  'granary_outbox_waiting 2',
  'granary_outbox_dead 0',
  'granary_consumer_oldest_seconds{consumer="a b",group="{}"} 1.5e1',
  'granary_consumer_oldest_seconds{consumer="x",group="1"} NaN',
].join('\n');
const well = reportOf(facts, healthBody, metrics);

describe('metrics', () => {
  it('are summed over their labels', () => {
    expect([sumOf(metrics, 'granary_consumer_pending'), sumOf(metrics, 'granary_outbox_waiting'), sumOf(metrics, 'granary_consumer_oldest_seconds'), sumOf(metrics, 'granary_missing')]).toEqual([7, 2, 15, null]);
  });

  it('keep their labels, and what is no number', () => {
    expect(samplesOf(metrics, 'granary_consumer_oldest_seconds')).toEqual([{ labels: { consumer: 'a b', group: '{}' }, value: 15 }, { labels: { consumer: 'x', group: '1' }, value: NaN }]);
    expect(samplesOf('age{place="a\\"b"} +Inf\n', 'age')).toEqual([{ labels: { place: 'a"b' }, value: Infinity }]);
  });
});

describe('reportOf', () => {
  it('puts health and figures together', () => {
    expect(well).toEqual({ ...facts, service: 'normalizer', health: 'healthy', phase: 'ready', version: '0.1.0', uptimeSeconds: 75, pending: 7, outbox: { waiting: 2, dead: 0 }, complaints: [] });
    expect(isWell(well)).toBe(true);
  });

  it('keeps what a service complains about', () => {
    const body = { ...healthBody, status: 'unhealthy', checks: [{ name: 'database', critical: true, state: 'unhealthy', detail: 'refused' }, { name: 'disk', critical: false, state: 'degraded' }, 'nonsense'] };
    const report = reportOf(facts, body, null);

    expect(report).toMatchObject({ health: 'unhealthy', pending: null, outbox: null, complaints: [{ check: 'database', critical: true, detail: 'refused' }, { check: 'disk', critical: false, detail: 'degraded' }] });
    expect(isWell(report)).toBe(false);
  });

  it.each([[null], ['<html>'], [{ status: 'up' }]])('takes the body %j for a service that is away', (body) => {
    expect(reportOf(facts, body, null)).toEqual({ ...facts, service: 'normalizer', health: 'away', phase: null, version: null, uptimeSeconds: null, pending: null, outbox: null, complaints: [] });
  });

  it('is not well while it starts', () => {
    expect(isWell(reportOf(facts, { ...healthBody, phase: { state: 'starting' } }, null))).toBe(false);
  });
});

describe('status', () => {
  const platform: PlatformFile = {
    pid: 1, startedAt: '2026-03-02T09:00:00.000Z', nats: { url: 'nats://127.0.0.1:1', monitorUrl: null, pid: 2 }, database: { url: 'postgresql://127.0.0.1:2/granary', pid: 3 },
    operator: { user: 'operator', password: 'secret' }, services: {},
  };
  const job: Job = { ...rpcExamples['harvester.job.show'].response.job, state: 'completed' };
  const held = rpcExamples['normalizer.held.list'].response.held;
  const now = new Date('2026-03-02T09:15:00.000Z');
  const full = statusOf({ folder: '/data', platform, services: [well], log: rpcExamples['audit.log.status'].response, jobs: { items: [job, job, { ...job, state: 'failed' }], more: false }, held, problems: [] });

  it('counts what was asked and holds no secret', () => {
    expect(full).toMatchObject({ folder: '/data', pid: 1, jobs: { byState: { completed: 2, failed: 1 }, more: false }, held: { held: 0, waiting: 0, dead: 1 } });
    expect(JSON.stringify(full)).not.toContain('secret');
    expect(allWell(full)).toBe(true);
  });

  it('is shown with its services first', () => {
    expect(renderStatus(full, now, plain).split('\n')).toEqual([
      'service     state           version     up  restarts  lag  outbox   pid  complaints',
      expect.stringMatching(/^normalizer {2}ready, healthy {2}0\.1\.0 +1 min 15 s +0 +7 +2 +4711 +–$/),
      '',
      'platform     process 1, started 15 min ago, data in /data',
      'event log    4,711 events up to 1:4711, 2 behind the stream',
      'jobs         2 completed, 1 failed',
      'held events  0 held, 0 waiting, 1 dead',
    ].map((line) => (typeof line === 'string' ? expect.stringMatching(new RegExp(`^${line.replace(/[.:()/]/g, '\\$&').replace(/ {2,}/g, ' +')}$`)) : line)));
  });

  it('says what could not be asked', () => {
    const partly = statusOf({ folder: '/data', platform, services: [], log: null, jobs: null, held: null, problems: ['no audit service answers'] });

    expect(partly).toMatchObject({ log: null, jobs: null, held: null });
    expect(allWell(partly)).toBe(false);
    expect(renderStatus(partly, now, plain)).toMatch(/^No services\.[^]*\n\nno audit service answers$/);
  });

  it('is short when nothing happened yet', () => {
    const quiet = statusOf({ folder: '/data', platform, services: [], log: null, jobs: { items: [], more: false }, held: [] as Held[], problems: [] });

    expect(renderStatus(quiet, now, plain)).toMatch(/jobs +none yet\nheld events +none$/);
    expect(renderStatus({ ...quiet, jobs: { byState: { completed: 1_000 }, more: true } }, now, plain)).toContain('1,000 completed (of the newest ones)');
  });

  it('paints services by how they do', () => {
    const painted = (report: Partial<ServiceReport>): string => renderServices([{ ...well, ...report }], createStyle(true));

    expect(painted({})).toContain('\u001b[32mready, healthy');
    expect(painted({ health: 'degraded' })).toContain('\u001b[33mready, degraded');
    expect(painted({ health: 'away', restarts: 2, outbox: { waiting: 0, dead: 3 }, complaints: [{ check: 'a', critical: true, detail: 'b' }] })).toMatch(/\u001b\[31maway[^]*\u001b\[33m2[^]*0 \(3 dead\)[^]*a: b/);
  });
});
