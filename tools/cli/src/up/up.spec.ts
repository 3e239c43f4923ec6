import { type EventType, eventExamples, type LoggedEvent, rpcExamples } from '@granary/contracts';
import type { PlatformFile } from '@granary/embedded';
import { findingsOf } from '../harvest/findings';
import { createStyle } from '../shell/style';
import { serviceEntries } from './services';
import { alertNews, platformNews, startStep } from './start';
import { addressesOf, renderUp, type UpResult } from './summary';
import { type Told, WATCHED, watchLine } from './watch';

const plain = createStyle(false);

describe('the start', () => {
  it('is shown as steps', () => {
    expect(startStep([], 9)).toEqual({ label: 'starting Granary', done: 0, total: 9 });
    expect(startStep(['nats', 'postgres'], 9)).toEqual({ label: 'starting Granary: postgres is ready,', done: 2, total: 9 });
  });

  it('is told where it is news', () => {
    expect(platformNews({ type: 'orphan-stopped', name: 'postgres', pid: 12 })).toBe('Stopped postgres (process 12), left over from a run that was killed.');
    expect(platformNews({ type: 'nats-found', path: '/usr/bin/nats-server', version: '2.15.1', from: 'PATH' })).toBe('Using nats-server 2.15.1 at /usr/bin/nats-server.');
    expect(platformNews({ type: 'crashed', name: 'audit', exit: { code: null, signal: 'SIGKILL' }, restarts: 1, restartInMs: 500 })).toBe('audit ended unexpectedly (SIGKILL); it is started again in 500 ms.');
    expect(platformNews({ type: 'crashed', name: 'audit', exit: { code: 1, signal: null }, restarts: 1, restartInMs: 500 })).toContain('(exit code 1)');
    expect(platformNews({ type: 'crashed', name: 'audit', exit: null, restarts: 1, restartInMs: 500 })).toBe('audit ended unexpectedly; it is started again in 500 ms.');
    expect(platformNews({ type: 'stopped', name: 'audit', ms: 5_000, killed: true })).toBe('audit did not end in time and was killed after 5.0 s.');
    expect(platformNews({ type: 'stopped', name: 'audit', ms: 20, killed: false })).toBeNull();
  });

  it('goes on with alerts, each with its runbook', () => {
    const alert = { name: 'EventsHeld', state: 'firing', labels: { severity: 'ticket', service: 'normalizer' }, annotations: { summary: '2 events are held', runbook_url: 'docs/runbooks/EventsHeld.md' }, startsAt: '2026-03-02T09:14:02.000Z', endsAt: null, fingerprint: 'f' } as const;
    expect(alertNews(alert, plain)).toBe('09:14:02  alert: EventsHeld (normalizer): 2 events are held; see docs/runbooks/EventsHeld.md');
    expect(alertNews({ ...alert, labels: { severity: 'page' }, annotations: {} }, plain)).toBe('09:14:02  alert: EventsHeld: page');
    expect(alertNews({ ...alert, state: 'resolved', endsAt: '2026-03-02T09:20:00.000Z' }, plain)).toBe('09:20:00  alert over: EventsHeld (normalizer)');
  });

  it('is of all services', () => {
    expect(serviceEntries('/granary', {})).toContainEqual({ name: 'cache-janitor', entry: '/granary/services/cache-janitor/dist/main.js' });
    expect(['', '8080', '0'].map((port) => serviceEntries('/granary', { GRANARY_GATEWAY_PORT: port }).find(({ name }) => name === 'gateway')?.port)).toEqual([4680, 8080, 0]);
    expect(() => serviceEntries('/granary', { GRANARY_GATEWAY_PORT: 'https' })).toThrow('a port from 0 to 65535');
  });
});

describe('the summary', () => {
  const platform: PlatformFile = {
    pid: 1, startedAt: '2026-03-02T09:00:00.000Z', nats: { url: 'nats://127.0.0.1:4222', monitorUrl: 'http://127.0.0.1:8222', pid: 2 }, database: { url: 'postgresql://127.0.0.1:5432/granary', pid: 3 },
    operator: { user: 'operator', password: 'pass-word' }, services: { gateway: { pid: 4, url: 'http://127.0.0.1:8080', restarts: 0, log: '/data/logs/gateway.log' } },
  };
  const addresses = addressesOf(platform, { platform: '/data/platform.json', logs: '/data/logs' }, null);
  const { repository } = rpcExamples['harvester.repository.add'].response;
  const found = findingsOf({ repository, job: rpcExamples['harvester.job.show'].response.job, summary: rpcExamples['normalizer.graph.summary'].response, durationMs: 2_000, completed: eventExamples['harvest.completed.v1'].data, events: null });
  const result: UpResult = { ...found, readyMs: 3_210, addresses };

  it('knows where to look, without secrets', () => {
    expect(addresses).toEqual({
      api: { url: 'http://127.0.0.1:8080/v1', docs: 'http://127.0.0.1:8080/docs' },
      services: { gateway: { health: 'http://127.0.0.1:8080/health/status', metrics: 'http://127.0.0.1:8080/metrics' } },
      nats: 'nats://127.0.0.1:4222', natsMonitor: 'http://127.0.0.1:8222', postgres: 'postgresql://127.0.0.1:5432/granary', monitoring: null, platformFile: '/data/platform.json', logs: '/data/logs',
    });
  });

  it('tells where to look and what to try while it runs', () => {
    const text = renderUp(result, plain, true);

    expect(text).toMatch(/^granary at 9fceb02d0ae5\n[^]*Granary was ready after 3\.2 s\.\n\nWhere to look\n {2}HTTP API +http:\/\/127\.0\.0\.1:8080\/v1\n {2}its description +http:\/\/127\.0\.0\.1:8080\/docs\n {2}gateway +http:\/\/127\.0\.0\.1:8080\/health\/status\n/);
    expect(text).toMatch(/ {2}credentials +\/data\/platform\.json/);
    expect(text).toMatch(/Try, in another terminal\n {2}npx granary status\n {2}npx granary graph show granary --format mermaid\n/);
    expect(text).not.toContain('pass-word');
  });

  it('tells where Prometheus and Alertmanager are, when they run', () => {
    const monitoring = addressesOf(platform, { platform: '', logs: '' }, { pid: 1, prometheus: { url: 'http://127.0.0.1:9090', pid: 5 }, alertmanager: { url: 'http://127.0.0.1:9093', pid: 6 } });
    expect(renderUp({ ...result, addresses: monitoring }, plain, true)).toMatch(/ {2}prometheus +http:\/\/127\.0\.0\.1:9090\n {2}alertmanager +http:\/\/127\.0\.0\.1:9093\n/);
    expect(renderUp(result, plain, true)).not.toContain('prometheus');
  });

  it('tells where to see secrets and calls of AI, when there are some', () => {
    const none = { high: 0, medium: 0, low: 0 };
    expect(renderUp(result, plain, true)).toMatch(/\n {2}npx granary secrets list granary --state open\n {2}npx granary ai show granary\n/);
    expect(renderUp({ ...result, findings: { secrets: none, personalData: none, allowed: 1, aiCalls: 0 } }, plain, true)).not.toMatch(/granary (secrets|ai) /);
    expect(renderUp({ ...result, findings: null }, plain, true)).not.toMatch(/granary (secrets|ai) /);
  });

  it('is short when nothing runs afterwards', () => {
    expect(renderUp(result, plain, false)).not.toMatch(/Where to look|Try/);
  });
});

describe('watching', () => {
  const logged = (type: EventType, changes: object = {}): LoggedEvent => ({ position: { epoch: 1, sequence: 1 }, event: { ...eventExamples[type], ...changes } });
  const graph = (data: object): LoggedEvent => logged('graph.normalized.v1', { data: { ...eventExamples['graph.normalized.v1'].data, ...data } });

  it('tells of each graph', () => {
    expect(watchLine({}, graph({}), plain).line).toBe('09:14:02  granary 4b825dc642cb → 9fceb02d0ae5: 3 differences; 212 modules, 890 imports, 431 packages');
    expect(watchLine({}, graph({ changeCount: 0 }), plain).line).toContain(': no differences; ');
    expect(watchLine({}, graph({ previousCommit: null, changeCount: null }), plain).line).toBe('09:14:02  granary 9fceb02d0ae5: first graph; 212 modules, 890 imports, 431 packages');
  });

  it('tells of the first ten differences of a harvest and where to see the others', () => {
    let told: Told = {};
    const lines = Array.from({ length: 13 }, () => {
      const news = watchLine(told, logged('module.added.v1'), plain);
      told = news.told;
      return news.line;
    });

    expect(lines.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => '          module added        src/a.ts · 9fceb02d0ae5'));
    expect(lines.slice(10)).toEqual(['          … see `granary events trace 01976c2e-8b00-7d55-8e66-778899aabbcc` for all', null, null]);
    expect(watchLine(watchLine(told, graph({}), plain).told, logged('module.added.v1'), plain).line).toContain('module added');
  });

  it('tells of failures and of events that are held', () => {
    expect(watchLine({}, logged('harvest.failed.v1'), plain).line).toMatch(/^09:14:02 {2}harvest failed: .*; see `granary jobs show 01976c2e-8b10-7a21-8c3d-4e5f60718293`$/);
    expect(watchLine({}, logged('consumer.held.v1'), plain).line).toMatch(/^09:14:02 {2}event held: .*see `granary held list`$/);
  });

  it('tells of commits that were withheld', () => {
    expect(watchLine({}, logged('harvest.blocked.v1'), plain).line).toMatch(/^09:14:02 {2}harvest blocked: 1 secret of high severity in deploy\/env\.ts\. .*granary secrets allow`; see `granary jobs show 01976c2e-8b10-7a21-8c3d-4e5f60718293`$/);
  });

  it('tells of open secrets of high severity, ten of a harvest', () => {
    const { data } = eventExamples['secret.detected.v1'];
    const secret = (changes: object): LoggedEvent => logged('secret.detected.v1', { data: { ...data, finding: { ...data.finding, ...changes } } });

    expect(watchLine({}, secret({}), plain).line).toBe('09:14:02  secret found: high · aws-access-key-id · deploy/env.ts:12 · 9fceb02d0ae5');
    for (const changes of [{ severity: 'medium' }, { allowed: { by: 'inline', reason: 'an example' } }]) expect(watchLine({}, secret(changes), plain)).toEqual({ told: {}, line: null });
    const { correlationid } = eventExamples['secret.detected.v1'];
    expect(watchLine({ [correlationid]: 10 }, secret({}), plain).line).toContain('granary events trace');
    expect(watchLine({ [correlationid]: 11 }, secret({}), plain).line).toBeNull();
  });

  it('has a line for every type that it watches', () => {
    for (const type of WATCHED) expect([type, watchLine({}, logged(type), createStyle(true)).line]).toEqual([type, expect.stringMatching(/./)]);
  });
});
