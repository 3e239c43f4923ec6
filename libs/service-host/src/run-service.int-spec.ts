import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase, startTestAuth, startTestNats, temporaryFolder, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import type { Task } from './definition';
import { launchService } from './host.module';
import { runIn } from './run-service.module';

let nats: TestNats;
let auth: TestAuth;
let database: FreshDatabase;

beforeAll(async () => {
  nats = await startTestNats();
  auth = await startTestAuth(nats);
  database = await freshDatabase('registry');
});
afterAll(async () => {
  await auth.stop();
  await nats.stop();
  await database.drop();
});

interface Line {
  level: string;
  msg: string;
  err?: { message: string };
}

const environment = (changes: Record<string, string>) => ({
  GRANARY_NATS_URL: nats.url,
  GRANARY_NATS_USER: 'registry',
  GRANARY_NATS_PASSWORD: 'registry',
  GRANARY_DATABASE_URL: database.url,
  ...changes,
});

/** The service `registry` with one task, in a process that only notes what is done to it. */
function run(task: Partial<Task> = {}, env: Record<string, string> = {}) {
  const lines: Line[] = [];
  const own = Object.assign(new EventEmitter(), { env: environment(env), err: '', stderr: { write: (text: string) => (own.err += text) }, exit: (code: number) => exited.resolve(code) });
  const exited = Promise.withResolvers<number>();
  const tasks: Task[] = [{ name: 'work', start: () => Promise.resolve(), stop: () => Promise.resolve(), ...task }];
  const ended = runIn(own as never, { name: 'registry', config: {}, wire: () => ({ tasks }) }, { destination: { write: (line) => lines.push(JSON.parse(line) as Line) } });
  const said = (msg: string) => waitFor(() => lines.find((line) => line.msg.startsWith(msg)), { what: `'${msg}'` });
  return { own, lines, said, ended, exited: exited.promise };
}

describe('a process', () => {
  it('exits with 78 and all problems on standard error when its settings are wrong', async () => {
    const { own, lines, exited } = run({}, { GRANARY_NATS_URL: '', GRANARY_LOG_LEVEL: 'loud' });
    expect(await exited).toBe(78);
    expect(lines).toEqual([]);
    expect(own.err).toBe(
      [
        'registry cannot start: 2 settings are wrong',
        '  GRANARY_NATS_URL is not set: it must be one or more URLs, separated by commas, that begin with nats:// or tls://, such as nats://127.0.0.1:4222',
        "  GRANARY_LOG_LEVEL is 'loud': it must be one of fatal, error, warn, info, debug, trace, silent",
        '',
      ].join('\n'),
    );
  });

  it('exits with 78 when its credentials are refused', async () => {
    const { own, lines, exited } = run({}, { GRANARY_NATS_PASSWORD: 'wrong' });
    expect(await exited).toBe(78);
    expect(own.err).toBe("the broker refused the credentials of 'registry': check GRANARY_NATS_USER and GRANARY_NATS_PASSWORD\n");
    expect(lines).toEqual(expect.arrayContaining([expect.objectContaining({ level: 'fatal', msg: 'service could not start' })]) as Line[]);
  });

  it('exits with 1 when it cannot start for another reason, and stops what runs already', async () => {
    const { own, lines, exited } = run({ start: () => Promise.reject(new Error(`no space left for postgres://ada:${['s3c', 'r3t'].join('')}@db/app`)) });
    expect(await exited).toBe(1);
    expect(own.err).toBe('no space left for postgres://[redacted]@db/app\n');
    expect(lines.at(-1)).toMatchObject({ msg: 'service stopped' });
  });

  it('exits with 1, saying what did not stop, when its time is over', async () => {
    const { own, lines, said, exited } = run({ stop: () => new Promise(() => undefined) }, { GRANARY_SHUTDOWN_TIMEOUT: '2s' });
    await said('service ready');
    own.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'service stopped without waiting any longer for: task work' });
  });

  it('waits no longer when it is asked a second time', async () => {
    const stuck = Promise.withResolvers<void>();
    const { own, lines, said, exited } = run({ stop: () => stuck.promise });
    await said('service ready');
    own.emit('SIGTERM', 'SIGTERM');
    own.emit('SIGINT', 'SIGINT');
    expect(await exited).toBe(1);
    expect(lines.at(-1)).toMatchObject({ msg: 'asked to stop a second time; not waiting any longer' });
    stuck.resolve();
    await said('service stopped');
  });

  it('drains at SIGUSR2: takes no more work, finishes what it has, and answers until it is stopped', async () => {
    const job = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const { own, said, exited } = run({ stop: async () => stopped.resolve(), drain: () => job.promise });
    const { url } = (await said('service ready')) as Line & { url: string };
    own.emit('SIGUSR2');
    await said('service draining');
    const ready = async () => ((response) => response.json())(await fetch(`${url}/health/ready`));
    expect(await ready()).toEqual({ status: 'draining', unfinished: ['task work'] });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('granary_service_draining{service="registry"} 1');
    job.resolve();
    await said('service drained');
    expect(await (await fetch(`${url}/health/status`)).json()).toMatchObject({ status: 'healthy', phase: { state: 'drained' } });
    expect(await ready()).toEqual({ status: 'drained' });
    own.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(0);
  });

  it('stops while it still waits for its broker', async () => {
    const { own, lines, said, ended, exited } = run({}, { GRANARY_NATS_URL: 'nats://127.0.0.1:1' });
    await said('waiting for the broker');
    own.emit('SIGTERM', 'SIGTERM');
    expect(await exited).toBe(0);
    await ended;
    expect(own.err).toBe('');
    expect(lines.at(-1)).toMatchObject({ msg: 'service stopped' });
  });

  it('exits with 1 at an error that nobody caught', async () => {
    const { own, lines, said, exited } = run();
    await said('service ready');
    own.emit('uncaughtException', new Error('a bug'));
    expect(await exited).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'uncaught error; the process ends', err: { message: 'a bug' } });
    own.emit('SIGTERM', 'SIGTERM');
    await said('service stopped');
  });
});

describe('a real process', () => {
  // Packages of others from one file, where it was built, as services load them.
  const LOADED = [join(__dirname, '..', '..', '..', 'node_modules', '.cache', 'granary', 'packages.cjs'), join(__dirname, '..', '..', 'testing', 'jest', 'sources.cjs')].filter((path) => existsSync(path));

  /** Runs `registry` with this body of its `wire`, and sends a signal when it is ready. */
  async function runReal(wire: string, signal?: NodeJS.Signals) {
    const folder = temporaryFolder();
    const main = join(folder.path, 'main.cjs');
    writeFileSync(main, `require('@granary/service-host').runService({ name: 'registry', config: {}, wire: () => { ${wire} } })`);
    const child = spawn(process.execPath, [...LOADED.flatMap((path) => ['--require', path]), main], { env: environment({}), stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let signalled = signal === undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (signalled || !out.includes('"service ready"')) return;
      signalled = child.kill(signal);
    });
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    folder.remove();
    const lines = out.trim().split('\n').map((line) => JSON.parse(line) as Line);
    return { code, err, last: lines.at(-1), lines };
  }

  it('stops in order at SIGTERM and exits with 0', async () => {
    expect(await runReal('return {};', 'SIGTERM')).toMatchObject({ code: 0, err: '', last: { msg: 'service stopped' } });
  });

  it('exits with 1 at a rejection that nobody handled', async () => {
    const task = "{ name: 'bug', start: async () => void Promise.reject(new Error('a bug')), stop: async () => {} }";
    expect(await runReal(`return { tasks: [${task}] };`)).toMatchObject({ code: 1, lines: expect.arrayContaining([expect.objectContaining({ level: 'fatal', err: expect.objectContaining({ message: 'a bug' }) })]) });
  });
});

it('gives everybody who stops a service the same answer', async () => {
  const launch = launchService({ name: 'registry', config: {}, wire: () => ({}) }, environment({}), { destination: { write: () => undefined } });
  await launch.ready;
  expect(launch.stop()).toBe(launch.stop());
  expect(await launch.stop()).toMatchObject({ unfinished: [] });
});
