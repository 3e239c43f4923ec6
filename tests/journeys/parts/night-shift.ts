// The platform under load, watched by Prometheus and Alertmanager as somebody on call has them: what dashboards show, which alerts fire and end.
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventExamples, type EventType } from '@granary/contracts';
import { readRules, scaleDurations, startMonitoring, type Monitoring } from '@granary/monitoring';
import { createLogger } from '@granary/observability';
import { temporaryRepository, waitFor, type TemporaryRepository } from '@granary/testing';
import { CloudEvent, HTTP } from 'cloudevents';
import { Client } from 'pg';
import { dashboardQueries, metricsIn } from '../../support/dashboards.ts';
import { granaryIn } from '../../support/granary.ts';
import { runDrill } from '../../../tools/drill/run/drill.ts';
import { drills } from '../../../tools/drill/run/drills/index.ts';
import { worldOf } from '../../../tools/drill/run/world.ts';

interface PlatformFile {
  nats: { pid: number };
  database: { url: string };
  services: Record<string, { pid: number; url: string }>;
  auth: { key: string };
}

/** Minutes of the alert rules are seconds here. */
const SCALE = 60;
/** Longer than the load takes, so that rates see all of it. */
const WINDOW = '2m';
const ROOT = join(__dirname, '..', '..', '..');

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

/** Examples on a platform that runs already, with `GRANARY_GATEWAY_RATE=0`, `GRANARY_METRICS_KEEP=200ms` and `GRANARY_TALLY_EVERY=4s`. @param data its folder, known when the examples begin */
export function nightShift(data: () => string): void {
  let repository: TemporaryRepository;
  let found: { name: string };
  let monitoring: Monitoring;
  let watchedSince: string;
  const granary = () => granaryIn(data());
  const platform = () => JSON.parse(readFileSync(join(data(), 'platform.json'), 'utf8')) as PlatformFile;

  beforeAll(async () => {
    // What others left would be in the way: addresses that lead nowhere, for one.
    const { repositories } = await granary().json<{ repositories: { repositoryId: string }[] }>('repos', 'list');
    for (const { repositoryId } of repositories) await granary().json('repos', 'remove', repositoryId);
    repository = await temporaryRepository({ 'package.json': JSON.stringify({ name: 'shop', dependencies: { lodash: '^4.17.0' } }), 'src/a.ts': `import './b';\nimport 'lodash';\n`, 'src/b.ts': 'export const b = 1;\n' });
    found = (await granary().json<{ repository: { name: string } }>('harvest', repository.path, '--wait')).repository;
    const rules = readRules(join(ROOT, 'deploy', 'prometheus', 'rules')).map(({ name, yaml }) => ({ name, yaml: scaleDurations(yaml, SCALE) }));
    monitoring = await startMonitoring({ dataDir: data(), env: process.env, log: createLogger({ service: 'journey', level: 'silent' }), rules, scrapeMs: 2_000, groupMs: 200 });
    // What Prometheus counts in a time is what was added since its first look in it.
    watchedSince = new Date().toISOString();
    await monitoring.settled(30_000);
  });
  afterAll(async () => {
    await monitoring?.stop();
    repository?.remove();
  });

  const ask = (path: string, init: RequestInit = {}) => fetch(`${platform().services['gateway']?.url}${path}`, { ...init, headers: { authorization: `Bearer ${platform().auth.key}`, ...init.headers } });
  let handedIn = 0;
  async function handIn(type: EventType, change: object = {}): Promise<number> {
    const { headers, body } = HTTP.structured(new CloudEvent({ id: `night-${(handedIn += 1)}`, source: 'urn:agents:local-operator', type, data: { ...eventExamples[type].data, ...change } }));
    return (await ask('/v1/events', { method: 'POST', headers: headers as Record<string, string>, body: body as string })).status;
  }
  const get = async (path: string) => (await ask(path)).status;

  it('loads the platform: commits, requests, events, calls of models', async () => {
    const records = async () => (await monitoring.query('sum(granary_ai_audit_records_total)'))[0]?.value ?? 0;
    const before = await records();
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
    await waitFor(async () => (await records()) === before + 3, { timeoutMs: 30_000, everyMs: 500, what: 'the AI audit' });
    await monitoring.settled(30_000);
  });

  it('tells alike by the event log and by Prometheus how the objectives are kept', async () => {
    interface Reported {
      objective: string;
      total: number;
      kept: boolean | null;
      prometheus: { total: number; differs: boolean };
    }
    const { url } = monitoring.describe().prometheus;
    let reported: Reported[] = [];
    const isWhole = async () => {
      const { stdout } = await granary().run('slo', 'report', '--since', watchedSince, '--prometheus', url, '--json');
      reported = (JSON.parse(stdout) as { objectives: Reported[] }).objectives;
      return reported.every(({ total, prometheus }) => total > 0 && prometheus.total > 0);
    };
    await waitFor(isWhole, { everyMs: 1_000, what: 'figures of all objectives' }).catch(() => undefined);
    expect(reported.filter(({ total, prometheus }) => total === 0 || prometheus.total === 0)).toEqual([]);
    expect(reported.map(({ objective }) => objective)).toEqual(['availability', 'event-delivery', 'freshness', 'polling']);
    // A slow machine may break the other two; and Prometheus, which looks now and then, counts a few bad ones of a minute less exactly.
    const { availability, polling } = Object.fromEntries(reported.map((one) => [one.objective, [one.kept, one.prometheus.differs]]));
    expect({ availability, polling }).toEqual({ availability: [true, false], polling: [true, false] });
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

  // Two of them, with what every machine has; `npm run drill -- --all` does the rest.
  it('is mended by the commands of the runbooks', async () => {
    const printed: string[] = [];
    const world = worldOf({
      root: ROOT,
      data: data(),
      env: process.env,
      repository,
      timeScale: SCALE,
      alerts: async () => (await monitoring.alerts()).filter(({ state }) => state === 'firing').map(({ name }) => name),
      say: (line) => printed.push(line),
      detail: (output) => printed.push(output),
    });
    const chosen = drills.filter(({ name }) => name === 'EventsDead' || name === 'OutboxDeadRows');
    const results = await Promise.all(chosen.map((drill) => runDrill(drill, world)));
    expect([results.map(({ drill, problem }) => [drill, problem]), printed.join('\n')]).toEqual([[['EventsDead', null], ['OutboxDeadRows', null]], expect.any(String)]);
  });

  describe('with much of it broken', () => {
    interface Check {
      name: string;
      state: string;
      finding: string;
      why: string | null;
      advice: string | null;
      runbook: string | null;
    }
    let admin: Client;
    beforeAll(async () => {
      const { postgres } = JSON.parse(readFileSync(join(data(), 'credentials.json'), 'utf8')) as { postgres: Record<string, string> };
      const url = new URL(platform().database.url);
      Object.assign(url, { username: 'granary_admin', password: postgres['granary_admin'] });
      admin = new Client({ connectionString: url.href });
      await admin.connect();
    });
    afterAll(() => admin?.end());

    /** What doctor says, each check in a line as long as its name, state and runbook. */
    async function examine(...args: string[]): Promise<{ code: number | null; of: (name: string) => string; begin: string | null }> {
      const { code, stdout } = await granary().run('doctor', '--json', ...args);
      const { checks, beginWith } = JSON.parse(stdout) as { checks: Check[]; beginWith: string | null };
      const silent = checks.filter(({ state, why, advice }) => (state === 'warn' || state === 'fail') && (why === null || advice === null));
      expect(silent).toEqual([]);
      const lines = new Map(checks.map(({ name, state, finding, runbook }) => [name, `${state} ${runbook ?? '–'}: ${finding}`]));
      return { code, of: (name) => lines.get(name) ?? 'no such check', begin: beginWith };
    }

    it('doctor names each trouble, and the runbook to follow', async () => {
      await admin.query(`insert into normalizer.held_events (consumer, partition_group, run, tenant, key, position, source, event_id, event_type, state, attempts, code, message, correlation_id, body)
        values ('normalizer', 0, 'live', 'default', 'night', 1, 'granary/harvester', 'night', 'harvest.completed.v1', 'dead', 6, 'artifact-missing', 'the fact pack is gone', 'night', '{}')`);
      await admin.query(`insert into harvester.outbox (message_id, lane_key, subject, body, dead_at, reason) values ('default:granary/harvester:night', 'default.night', 'in.default.harvest.cancelled.v1.night', '{}', now(), 'message size exceeds maximum allowed')`);
      await admin.query(`update auth.migrations set name = 'OfTomorrow1' where id = (select max(id) from auth.migrations)`);
      const away = `${repository.path}-away`;
      renameSync(repository.path, away);
      const { pid } = platform().services['registry'] ?? { pid: 0 };
      process.kill(pid, 'SIGSTOP');
      try {
        await waitFor(async () => (await (await fetch(`${platform().services['harvester']?.url}/metrics`)).text()).match(/^granary_outbox_dead\{[^}]*\} 1$/m) !== null && (await admin.query('select 1 from harvester.repositories where last_error is not null')).rowCount === 1, { timeoutMs: 30_000, everyMs: 500, what: 'the troubles to show' });
        const { code, of, begin } = await examine('--min-disk', '1000TB');
        expect([code, begin]).toEqual([1, 'processes']);
        expect(of('disk space')).toMatch(/^warn DiskNearlyFull: .* free for /);
        expect(of('processes')).toMatch(/^fail ServiceDown: Halted .*: registry \(pid \d+\)\.$/);
        expect(of('services')).toMatch(/^fail ServiceDown: (.*; )?registry is away: no answer/);
        expect(of('migrations')).toMatch(/^fail MigrationsPending: Not applied, though the running build needs them: auth: /);
        expect(of('refused events')).toMatch(/^fail OutboxDeadRows: .*harvester has 1; .*message size exceeds/);
        expect(of('held events')).toMatch(/^fail EventsDead: 1 event given up \(dead\) by normalizer, 1 key, .*artifact-missing: the fact pack is gone/);
        expect(of('remotes')).toMatch(/^fail PollingBudgetBurns: 1 repository of 1 cannot be read: /);
        expect(of('relays')).toMatch(/^unknown –: Not known: registry did not say\.$/);
        expect([of('broker'), of('database'), of('consumers'), of('event log')].map((line) => line.slice(0, 3))).toEqual(['ok ', 'ok ', 'ok ', 'ok ']);
      } finally {
        process.kill(pid, 'SIGCONT');
        renameSync(away, repository.path);
      }
    });

    it('doctor names a broker that hangs and consumers that nobody owns, and a bundle has what can still be got', async () => {
      const pids = [platform().nats.pid, platform().services['normalizer']?.pid ?? 0];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      try {
        const file = join(data(), 'evidence.tar.gz');
        const [{ code, of }, made] = await Promise.all([examine(), granary().json<{ files: { path: string }[]; missing: { path: string; why: string }[] }>('support-bundle', '--out', file)]);
        expect(code).toBe(1);
        expect(of('broker')).toMatch(/^fail BrokerDown: .* does not answer: /);
        expect(of('consumers')).toBe('fail PartitionWithoutOwner: Without owner: normalizer (groups 0, 1, 2, 3).');
        expect(of('held events')).toMatch(/^unknown –: Not known: normalizer did not say; no NATS server answers/);
        expect(made.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['doctor.txt', expect.stringMatching(/^services\/(?!normalizer)[a-z-]+\.status\.json$/), 'logs/normalizer.log', 'configuration/normalizer.json']));
        expect(made.missing.map(({ path }) => path)).toEqual(expect.arrayContaining(['services/normalizer.status.json', 'broker/streams.json', 'lists/jobs.json']));
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
    });
  });
}
