import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { lockDataFolder, layoutOf, readJson, writePrivateJson } from '@granary/embedded';
import { createLogger } from '@granary/observability';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@granary/testing';
import type { Alert } from './alertmanager/alert';
import { startMonitoring, type Monitoring } from './monitoring.client';
import { readMonitoringFile } from './monitoring-file.store';

const log = createLogger({ service: 'test', level: 'silent' });
const RULES = {
  name: 'test.yaml',
  yaml: `groups:
  - name: test
    rules:
      - { record: 'test:doubled', expr: 'granary_test * 2' }
      - { alert: TestHigh, expr: 'granary_test > 10', labels: { severity: ticket }, annotations: { summary: 'it is {{ $value }}' } }
`,
};

/** A service that answers for its metrics, here beside Prometheus, and for nothing else. */
async function service(value: () => number): Promise<{ url: string; server: Server }> {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(`granary_test{service="harvester"} ${value()}\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('Prometheus and Alertmanager beside a platform', () => {
  let data: TemporaryFolder;
  let monitoring: Monitoring;
  let first: Awaited<ReturnType<typeof service>>;
  let value = 3;
  const told: Alert[] = [];
  const tellPlatform = (url: string) => writePrivateJson(layoutOf(data.path).platform, { pid: process.pid, services: { harvester: { url } } });

  beforeAll(async () => {
    data = temporaryFolder();
    lockDataFolder(data.path, layoutOf(data.path).lock);
    first = await service(() => value);
    tellPlatform(first.url);
    monitoring = await startMonitoring({ dataDir: data.path, env: process.env, log, rules: [RULES], scrapeMs: 200, groupMs: 100, onAlert: (alert) => told.push(alert) });
  });
  afterAll(async () => {
    await monitoring?.stop();
    first.server.close();
    data.remove();
  });

  it('answers questions about what it scraped, and about what rules made of it', async () => {
    await monitoring.settled(20_000);
    expect(await monitoring.query('granary_test')).toEqual([{ labels: { __name__: 'granary_test', job: 'granary', service: 'harvester', instance: 'harvester' }, value: 3 }]);
    expect(await monitoring.query('test:doubled')).toMatchObject([{ value: 6 }]);
    expect(await monitoring.query('scalar(granary_test)')).toEqual([{ labels: {}, value: 3 }]);
    expect((await monitoring.query('vector(-1) / 0 or label_replace(vector(0) / 0, "is", "nothing", "", "")')).map(({ value: of }) => of)).toEqual([Number.NEGATIVE_INFINITY, Number.NaN]);
    expect(await monitoring.series('{job="granary"}')).toContainEqual(expect.objectContaining({ __name__: 'up', service: 'harvester' }));
    const to = new Date();
    const [range] = await monitoring.queryRange('granary_test', { from: new Date(to.getTime() - 10_000), to, stepSeconds: 1 });
    expect(range?.values.at(-1)).toEqual([expect.any(Number), 3]);
  });

  it('says what is wrong with a question', async () => {
    await expect(monitoring.query('rate(granary_test')).rejects.toMatchObject({ code: 'bad-query', message: expect.stringContaining('unclosed left parenthesis') });
  });

  it('tells that an alert fires, and that it is over', async () => {
    value = 11;
    const firing = await monitoring.waitFor('TestHigh', 'firing', 20_000);
    expect(firing).toMatchObject({ state: 'firing', labels: { severity: 'ticket', service: 'harvester' }, annotations: { summary: 'it is 11' }, endsAt: null });
    await expect(monitoring.waitFor('TestHigh', 'resolved', 300)).rejects.toMatchObject({ code: 'no-such-alert', message: expect.stringContaining('there are TestHigh (firing)') });
    value = 3;
    expect(await monitoring.waitFor('TestHigh', 'resolved', 20_000)).toMatchObject({ state: 'resolved', endsAt: expect.any(String) });
    expect(told.map(({ name, state }) => `${name} ${state}`)).toEqual(['TestHigh firing', 'TestHigh resolved']);
  });

  it('follows a service that comes back on another port', async () => {
    const second = await service(() => 7);
    first.server.close();
    first = second;
    tellPlatform(second.url);
    await waitFor(async () => (await monitoring.query('granary_test'))[0]?.value === 7, { what: 'the figures of the other port' });
  });

  it('starts Prometheus again in its place, with its figures', async () => {
    const { pid, url } = monitoring.describe().prometheus;
    const before = new Date();
    process.kill(pid ?? 0, 'SIGKILL');
    await waitFor(async () => monitoring.describe().prometheus.pid !== pid && (await monitoring.query('granary_test', before).catch(() => [])).length === 1, { what: 'the figures from before' });
    expect(monitoring.describe().prometheus.url).toBe(url);
  });

  it('leaves nothing running, and says where it is only while it runs', async () => {
    const { prometheus, alertmanager } = monitoring.describe();
    expect(readMonitoringFile(data.path)).toMatchObject({ prometheus: { url: prometheus.url } });
    await monitoring.stop();
    expect(readMonitoringFile(data.path)).toBeNull();
    for (const { pid } of [prometheus, alertmanager]) expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('ends what a killed start has left, and says why Prometheus does not start: rules that it cannot read', async () => {
    const folder = join(layoutOf(data.path).monitoring, 'alertmanager');
    const left = spawn('tail', ['-f', join(folder, 'alertmanager.log')], { stdio: 'ignore' });
    const ended = once(left, 'exit');
    writeFileSync(join(folder, 'alertmanager.pid'), `${left.pid}\n`);
    const broken = startMonitoring({ dataDir: data.path, env: process.env, log, rules: [{ name: 'broken.yaml', yaml: 'groups: [{ name: g, rules: [{ record: r, expr: "1 +" }] }]' }] });
    await expect(broken).rejects.toMatchObject({ code: 'prometheus-start-failed', message: expect.stringContaining('broken.yaml') });
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(readJson(join(layoutOf(data.path).monitoring, 'monitoring.json'))).toBeNull();
  });

  it('says what to do where it is not to be had', async () => {
    const env = { PATH: '', XDG_CACHE_HOME: join(data.path, 'cache'), GRANARY_ALERTMANAGER: join(data.path, 'nowhere') };
    await expect(startMonitoring({ dataDir: data.path, env, log })).rejects.toMatchObject({ code: 'prometheus-alertmanager-unusable', message: expect.stringContaining('set GRANARY_ALERTMANAGER to') });
    await expect(startMonitoring({ dataDir: data.path, env: { ...env, GRANARY_ALERTMANAGER: undefined }, log })).rejects.toMatchObject({
      code: 'prometheus-missing',
      message: expect.stringMatching(/no prometheus 3\.5\.0 or later and no prometheus-alertmanager 0\.27\.0 or later was found[^]*no apt[^]*GRANARY_PROMETHEUS[^]*GRANARY_ALERTMANAGER/),
    });
  });
});
