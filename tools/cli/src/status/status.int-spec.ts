import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocuments, eventExamples, rpcExamples } from '@granary/contracts';
import { layoutOf, lockDataFolder } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { temporaryFolder } from '@granary/testing';
import { granary, type Outcome } from '../../test/run-granary';
import { outboxServices } from '../outbox/services';
import { json, useExamplePlatform } from '../../test/use-example-platform';
import { wellMonitor, wellVitals } from '../../test/well-platform';

const used = useExamplePlatform();

describe('status', () => {
  it('is good when all services are', async () => {
    const shown = await used.run('status');

    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/harvester +ready, healthy +0\.1\.0 [^]*event log +4,711 events[^]*jobs +1 parsing\nheld events +0 held, 0 waiting, 1 dead\n$/);
    expect(json(await used.run('status --json'))).toMatchObject({ folder: used.platform.folder, services: [{ name: 'harvester' }, { name: 'normalizer' }, { name: 'audit' }, { name: 'cache-janitor' }], problems: [] });
  });

  it('tells of services that are not', async () => {
    used.platform.vitals('harvester', null);
    used.platform.vitals('audit', { ...wellVitals('audit'), status: { ...wellVitals('audit').status, status: 'unhealthy', checks: [{ name: 'database', critical: true, state: 'unhealthy', detail: 'refused' }] } });
    used.platform.answer('audit.log.status', () => {
      throw Fault.transient('database-away', 'the database restarts');
    });

    const shown = await used.run('status');

    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/harvester +away [^]*audit +ready, unhealthy [^]*database: refused[^]*\nthe database restarts\n$/);
  });
});

describe('drain', () => {
  it('sends the signal to the service and waits until it has drained', async () => {
    const { metrics } = wellVitals('harvester');
    const become = (phase: object) => used.platform.vitals('harvester', { status: { phase }, metrics });
    become({ state: 'ready' });
    process.once('SIGUSR2', () => {
      become({ state: 'draining', unfinished: ['task harvests'] });
      setTimeout(() => become({ state: 'drained' }), 50);
    });
    expect(await used.run('drain harvester')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^harvester is drained, after [\d.]+ s\. It answers until it is stopped \(process \d+\)\.\n$/) });
  });

  it('says what is left when that takes too long, and which services there are', async () => {
    process.once('SIGUSR2', () => used.platform.vitals('audit', { status: { phase: { state: 'draining', unfinished: ['task event-log'] } }, metrics: '' }));
    expect(await used.run('drain audit --timeout 1ms')).toMatchObject({ code: 1, stderr: expect.stringContaining('unfinished: task event-log') });
    expect(await used.run('drain harvestr')).toMatchObject({ stderr: expect.stringContaining('there are harvester, normalizer, audit') });
  });
});

describe('doctor', () => {
  beforeEach(() => {
    used.platform.answer('normalizer.held.list', () => ({ held: [], next: null }));
    for (const service of outboxServices(accessDocuments)) used.platform.answer(`${service}.outbox.list`, () => ({ dead: [], next: null }));
    used.platform.answer('audit.events.search', () => ({ events: [{ position: { epoch: 1, sequence: 1 }, event: eventExamples['graph.normalized.v1'] }], next: null }));
  });

  it('finds nothing where all is well', async () => {
    const { code, stdout } = await used.run('doctor --json');

    expect(code).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string }[] };
    // How this machine is, is its own affair.
    expect(checks.filter(({ state }) => state !== 'ok').map(({ name }) => name).filter((name) => name !== 'disk space' && name !== 'memory')).toEqual(['certificates']);
  });

  it('finds what is wrong and says what to do', async () => {
    used.platform.vitals('normalizer', null);
    used.platform.answer('normalizer.held.list', () => rpcExamples['normalizer.held.list'].response);

    const { code, stdout } = await used.run('doctor');

    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ services +normalizer is away: no answer\.\n[^]*→ docs\/runbooks\/ServiceDown\.md\n[^]*✗ held events +1 event given up[^]*checks failed[^]*Begin with: services\./);
  });

  it('finds a service that cannot be asked', async () => {
    used.platform.answer('normalizer.held.list', () => {
      throw Fault.transient('database-away', 'the database restarts');
    });
    expect(await used.run('doctor')).toMatchObject({ code: 3, stdout: expect.stringMatching(/\? held events +Not known: normalizer did not say; the database restarts\.\n[^]*No check failed[^]*1 not known\./) });
  });

  it('looks at clocks and lag as closely as it is asked to', async () => {
    used.platform.monitor({ ...wellMonitor(), now: '2026-03-02T09:30:00.500Z' });
    expect((await used.run('doctor')).stdout).toMatch(/✓ clock/);
    expect(await used.run('doctor --max-skew 100ms --max-lag 5 --min-disk 1000TB')).toMatchObject({ code: 1, stdout: expect.stringMatching(/! disk space[^]*✗ clock +The clock of the broker is 500 ms ahead of this machine's\./) });
    expect(await used.run('doctor --min-disk much')).toMatchObject({ code: 2, stderr: expect.stringContaining('500MB') });
  });

  it('examines a platform that runs elsewhere, with nothing but its addresses and an operator', async () => {
    const { nats, operator, services, database } = used.platform.platform;
    const env = {
      GRANARY_SERVICES: Object.entries(services).map(([name, { url }]) => `${name}=${url}`).join(','),
      GRANARY_NATS_URL: nats.url, GRANARY_NATS_PASSWORD: operator.password, GRANARY_NATS_MONITOR_URL: nats.monitorUrl ?? '', GRANARY_DATABASE_URL: database.url, GRANARY_API_KEY: 'key of the operator',
    };
    const found = await granary(['doctor'], { cwd: used.home, env });
    expect(found).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ platform +the one that GRANARY_SERVICES[^]*– processes +they run elsewhere[^]*✓ consumers/) });
    expect((await granary(['status'], { cwd: used.home, env })).stdout).toContain('elsewhere, as GRANARY_SERVICES says');
    // Without its monitoring and its database less is known, and said to be.
    const less = await granary(['doctor', '--json'], { cwd: used.home, env: { ...env, GRANARY_NATS_MONITOR_URL: '', GRANARY_DATABASE_URL: '', GRANARY_SERVICES: `normalizer=${services['normalizer']?.url ?? ''}` } });
    const unknown = (JSON.parse(less.stdout) as { checks: { name: string; state: string }[] }).checks.filter(({ state }) => state === 'unknown').map(({ name }) => name);
    expect([less.code, unknown]).toEqual([3, ['event log', 'log proof', 'backups']]);
  });
});

describe('without a platform', () => {
  const elsewhere = (line: string, env: Record<string, string> = {}): Promise<Outcome> => granary(line.split(' '), { cwd: used.home, env });

  it('commands say how to start one', async () => {
    const folder = join(used.home, '.granary');
    const message = `Granary is not running (no platform.json in ${folder}, taken from the current folder). Start it with npm start.`;

    for (const line of ['status', 'repos list', 'events tail']) expect(await elsewhere(line)).toEqual({ code: 3, stdout: '', stderr: `granary: ${message}\n` });
    expect(await elsewhere('status --json')).toEqual({ code: 3, stdout: '', stderr: `{"error":{"code":"not-running","message":"${message}"}}\n` });
    expect((await elsewhere('status', { GRANARY_DATA: 'other' })).stderr).toContain(`no platform.json in ${join(used.home, 'other')}, taken from GRANARY_DATA`);
  });

  it('doctor says what it could check', async () => {
    expect(await elsewhere('doctor')).toMatchObject({ code: 1, stdout: expect.stringMatching(/– clock[^]*✓ git[^]*✗ platform[^]*– broker +Granary is not running/) });
  });
});

describe('the platform', () => {
  it('is found by GRANARY_DATA, and in the nearest .granary upward', async () => {
    expect(await granary(['repos', 'list'], { cwd: used.home, env: { GRANARY_DATA: used.platform.folder } })).toMatchObject({ code: 0 });
  });

  it('is not mixed up with one that ended', async () => {
    const left = temporaryFolder();
    mkdirSync(join(left.path, '.granary', 'deep'), { recursive: true });
    writeFileSync(join(left.path, '.granary', 'platform.json'), JSON.stringify(used.platform.platform));

    expect(await granary(['status'], { cwd: join(left.path, '.granary', 'deep') })).toMatchObject({ code: 3, stderr: expect.stringContaining('is of a run that has ended') });
    expect((await granary(['doctor'], { cwd: left.path })).stdout).toContain('has ended without stopping');
    left.remove();
  });

  it('may refuse its operator', async () => {
    const other = temporaryFolder();
    const lock = lockDataFolder(other.path, layoutOf(other.path).lock);
    writeFileSync(layoutOf(other.path).platform, JSON.stringify({ ...used.platform.platform, operator: { user: 'operator', password: 'of yesterday' } }));

    expect(await granary(['repos', 'list', '--data', other.path], { cwd: used.home })).toMatchObject({ code: 3, stderr: expect.stringMatching(/refused the credentials[^]*The platform file is of another run/) });
    lock.release();
    other.remove();
  });
});

describe('the program', () => {
  it('prints help on standard output', async () => {
    expect(await used.run('graph show --help')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^Usage: granary graph show/) });
    expect(await granary(['--version'], { cwd: used.home })).toEqual({ code: 0, stderr: '', stdout: '0.1.0\n' });
  });

  it('refuses what it does not understand, in JSON when asked', async () => {
    expect(await used.run('repos lst')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("Unknown command 'lst'") });
    const { code, stdout, stderr } = await used.run('status --jsn --json');
    expect({ code, stdout, error: JSON.parse(stderr) as unknown }).toEqual({ code: 2, stdout: '', error: { error: { code: 'usage', message: expect.stringContaining("Unknown option '--jsn'") } } });
  });

  it('shows a stack only when asked', async () => {
    used.platform.answer('audit.log.status', () => {
      throw new TypeError('x is not a function');
    });

    const shown = await used.run(['events', 'tail']);
    expect(shown).toMatchObject({ code: 1, stderr: expect.stringMatching(/^granary: .*\n {2}This should not happen\. [^\n]*\n$/) });
    expect((await used.run(['events', 'tail', '--verbose'])).stderr).toMatch(/\n {4}at /);
  });
});
