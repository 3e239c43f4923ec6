// A platform under load, watched by Prometheus and Alertmanager as somebody on call has them: what dashboards show, which alerts fire and end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventExamples, type EventType } from '@granary/contracts';
import { readRules, scaleDurations, startMonitoring, type Monitoring } from '@granary/monitoring';
import { createLogger } from '@granary/observability';
import { temporaryFolder, temporaryRepository, waitFor, type TemporaryFolder, type TemporaryRepository } from '@granary/testing';
import { CloudEvent, HTTP } from 'cloudevents';
import { dashboardQueries, metricsIn } from '../support/dashboards.ts';
import { granaryIn, type Running } from '../support/granary.ts';

interface PlatformFile {
  services: Record<string, { pid: number; url: string }>;
  auth: { key: string };
}

/** Minutes of the alert rules are seconds here. */
const SCALE = 60;
/** Longer than the load takes, so that rates see all of it. */
const WINDOW = '2m';
const ROOT = join(__dirname, '..', '..');

/** Panels that have nothing to show on this platform, and why. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'operations: Budget lasts': 'while nothing goes wrong',
  'operations: Certificates end': 'there is no TLS on one machine',
  'operations: Newest checkpoint': 'the first is signed after a while',
  'operations: Files behind the log': 'before the first day is exported',
  'operations: Alerts that fire': 'while none fires',
  'operations: Alerts': 'while none fires',
  'developers: Alerts': 'while none fires',
  'product: Alerts': 'while none fires',
  'developers: Replayed events': 'nothing is replayed',
  'developers: Errors by operation': 'only what fails is shown',
};

jest.setTimeout(180_000);

describe('the night shift', () => {
  let data: TemporaryFolder;
  let repository: TemporaryRepository;
  let up: Running | null = null;
  let found: { name: string };
  let monitoring: Monitoring;
  const platform = () => JSON.parse(readFileSync(join(data.path, 'platform.json'), 'utf8')) as PlatformFile;

  beforeAll(async () => {
    data = temporaryFolder();
    repository = await temporaryRepository({ 'package.json': JSON.stringify({ name: 'shop', dependencies: { lodash: '^4.17.0' } }), 'src/a.ts': `import './b';\nimport 'lodash';\n`, 'src/b.ts': 'export const b = 1;\n' });
    Object.assign(process.env, { GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_PORT: '0', GRANARY_METRICS_KEEP: '200ms' });
    const running = granaryIn(data.path).start('up', repository.path, '--json');
    up = running;
    await waitFor(() => running.process.exitCode !== null || running.stdout().trimEnd().endsWith('}'), { timeoutMs: 90_000, what: 'the platform' });
    if (running.process.exitCode !== null) throw new Error(`granary up ended early: ${running.printed()}`);
    found = (JSON.parse(running.stdout()) as { repository: { name: string } }).repository;
    const rules = readRules(join(ROOT, 'deploy', 'prometheus', 'rules')).map(({ name, yaml }) => ({ name, yaml: scaleDurations(yaml, SCALE) }));
    monitoring = await startMonitoring({ dataDir: data.path, env: process.env, log: createLogger({ service: 'journey', level: 'silent' }), rules, scrapeMs: 2_000, groupMs: 200 });
    await monitoring.settled(30_000);
  });
  afterAll(async () => {
    await monitoring?.stop();
    up?.process.kill('SIGINT');
    await up?.finished;
    repository.remove();
    data.remove();
  });

  const ask = (path: string, init: RequestInit = {}) => fetch(`${platform().services['gateway']?.url}${path}`, { ...init, headers: { authorization: `Bearer ${platform().auth.key}`, ...init.headers } });
  let handedIn = 0;
  async function handIn(type: EventType, change: object = {}): Promise<number> {
    const { headers, body } = HTTP.structured(new CloudEvent({ id: `night-${(handedIn += 1)}`, source: 'urn:agents:local-operator', type, data: { ...eventExamples[type].data, ...change } }));
    return (await ask('/v1/events', { method: 'POST', headers: headers as Record<string, string>, body: body as string })).status;
  }
  const get = async (path: string) => (await ask(path)).status;

  it('loads the platform: commits, requests, events, calls of models', async () => {
    const commit = await repository.commit({ 'src/c.ts': `import './a';\nexport const c = 1;\n` });
    const answers = [
      ...(await Promise.all(Array.from({ length: 20 }, () => get('/v1/repositories')))),
      ...(await Promise.all(Array.from({ length: 10 }, () => handIn('task.started.v1')))),
      ...(await Promise.all((['ai.model-invoked.v1', 'safety.checked.v1', 'pii.handled.v1'] as const).map((type) => handIn(type)))),
      await get(`/v1/repositories/${found.name}/graph/cycles`),
      await get('/v1/repositories/nowhere/graph'),
    ];
    expect([...new Set(answers)].sort()).toEqual([200, 202, 404]);
    await waitFor(async () => (await (await ask(`/v1/repositories/${found.name}/graph`)).json() as { commit?: string }).commit === commit, { timeoutMs: 60_000, everyMs: 500, what: 'the graph of the commit' });
    await waitFor(async () => (await monitoring.query('sum(granary_ai_audit_records_total)'))[0]?.value === 3, { timeoutMs: 30_000, everyMs: 500, what: 'the AI audit' });
    await monitoring.settled(30_000);
  });

  it('has every metric that dashboards name', async () => {
    const names = new Set((await monitoring.query('count by (__name__) ({__name__=~"granary.+|process.+|nodejs.+|scrape.+|up"})')).map(({ labels }) => labels['__name__']));
    const missing = dashboardQueries(WINDOW).filter(({ where }) => MAY_BE_EMPTY[where] === undefined).flatMap(({ where, promql }) => metricsIn(promql).filter((name) => !names.has(name)).map((name) => `${where}: ${name}`));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('answers every query of every dashboard, with figures where there are any', async () => {
    const wrong: string[] = [];
    const asked = dashboardQueries(WINDOW);
    for (const { where, promql } of asked) {
      const samples = await monitoring.query(promql).catch((error: Error) => error);
      if (samples instanceof Error) wrong.push(`${where}: ${samples.message}`);
      else if (samples.every(({ value }) => Number.isNaN(value)) && MAY_BE_EMPTY[where] === undefined) wrong.push(`${where} shows nothing: ${promql}`);
    }
    expect(wrong).toEqual([]);
    const titles = new Set(asked.map(({ where }) => where));
    expect(Object.keys(MAY_BE_EMPTY).filter((where) => !titles.has(where))).toEqual([]);
  });

  it('evaluates every rule', async () => {
    const failing = (await monitoring.ruleGroups()).flatMap(({ rules }) => rules.filter(({ health }) => health === 'err').map(({ name, lastError }) => `${name}: ${lastError}`));
    expect(failing).toEqual([]);
  });

  it('alerts of a service that hangs, and of programs whose events are refused, and says when that is over', async () => {
    const { pid } = platform().services['registry'] ?? { pid: 0 };
    process.kill(pid, 'SIGSTOP');
    let refusing = true;
    const refused = (async () => {
      while (refusing) {
        for (let i = 0; i < 5; i += 1) expect(await handIn('task.started.v1', { attempt: -1 })).toBe(422);
        await delay(200);
      }
    })();
    try {
      const [down, refusal] = await Promise.all([monitoring.waitFor('ServiceDown', 'firing', 60_000), monitoring.waitFor('AdmissionRefusing', 'firing', 60_000)]);
      expect(down).toMatchObject({ labels: { service: 'registry', severity: 'page' }, annotations: { summary: expect.stringContaining('registry'), runbook_url: expect.stringContaining('ServiceDown') } });
      expect(refusal).toMatchObject({ labels: { severity: 'ticket' } });
    } finally {
      refusing = false;
      process.kill(pid, 'SIGCONT');
      await refused;
    }
    const over = await Promise.all([monitoring.waitFor('ServiceDown', 'resolved', 60_000), monitoring.waitFor('AdmissionRefusing', 'resolved', 60_000)]);
    expect(over.map(({ endsAt }) => endsAt)).toEqual([expect.any(String), expect.any(String)]);
  });
});
