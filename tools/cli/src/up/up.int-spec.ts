import { type EventType, eventExamples, type Job, type LoggedEvent, rpcExamples } from '@granary/contracts';
import type { Platform } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { temporaryRepository } from '@granary/testing';
import { granaryWith, type Outcome, type World } from '../../test/run-granary';
import { json, useExamplePlatform } from '../../test/use-example-platform';
import { upWith, type UpDeps } from './up.handler';

const used = useExamplePlatform();
const done: Job = { ...rpcExamples['harvester.job.show'].response.job, state: 'completed', finishedAt: '2026-03-02T09:14:01.950Z', tier: 2 };
const failed: Job = { ...done, state: 'failed', error: { stage: 'fetching', code: 'remote-unreachable', message: 'git fetch timed out' } };
let stops: string[] = [];
let watching: Awaited<ReturnType<UpDeps['monitor']>> = null;
let administrator: Platform['administrator'] = null;

const command = upWith({
  start: async () => ({
    describe: () => used.platform.platform,
    administrator,
    stop: async () => {
      stops.push('platform');
    },
  }),
  monitor: async () => watching,
});
const up = (line: string, world: Partial<World> = {}): Promise<Outcome> => granaryWith(command, [...line.split(' '), '--data', used.platform.folder], { cwd: used.home, ...world });

beforeEach(() => {
  stops = [];
  watching = null;
  administrator = null;
  used.platform.answer('harvester.job.show', () => ({ job: done }));
  used.platform.answer('audit.log.status', () => ({ ...rpcExamples['audit.log.status'].response, lag: 0 }));
});

/** Ends a command once it has said something. */
function until(words: string): Pick<World, 'signal' | 'onNote'> {
  const stop = new AbortController();
  let said = '';
  const onNote = (text: string): void => {
    said += text;
    if (said.includes(words)) stop.abort();
  };
  return { signal: stop.signal, onNote };
}

it('prints what it found, and stops, once', async () => {
  const { code, stdout, stderr } = await up('up https://github.com/nodejs/undici.git --once');

  expect({ code, stops }).toEqual({ code: 0, stops: ['platform'] });
  expect(stdout).toMatch(/^granary at 9fceb02d0ae5\n {2}languages [^]*Granary was ready after \d+ ms\.\n$/);
  expect(stderr).toMatch(/granary: building the graph\nStopping Granary\.\nGranary has stopped \(\d+ ms\)\.\n$/);
});

it('lets who watches the platform go before it, and says where they are', async () => {
  const monitoring = { pid: 1, prometheus: { url: 'http://127.0.0.1:9090', pid: 2 }, alertmanager: { url: 'http://127.0.0.1:9093', pid: 3 } };
  watching = { describe: () => monitoring, stop: async () => void stops.push('monitoring') };
  const line = 'up https://github.com/nodejs/undici.git --once --json';

  expect(json(await up(`${line} --monitor`))).toMatchObject({ addresses: { monitoring: { prometheus: 'http://127.0.0.1:9090', alertmanager: 'http://127.0.0.1:9093' } } });
  expect(stops).toEqual(['monitoring', 'platform']);
  expect(json(await up(line))).toMatchObject({ addresses: { monitoring: null } });
});

it('prints one JSON document on standard output alone', async () => {
  const found = await up('up https://github.com/nodejs/undici.git --once --json');

  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(json(found)).toMatchObject({ tier: 2, durationMs: 2_117, counts: { modules: 212 }, events: { log: 4_711 }, readyMs: expect.any(Number), addresses: { nats: used.platform.platform.nats.url } });
});

it('tells a person the password of the administrator at the first start, and a file only where it is', async () => {
  administrator = { tenant: 'default', name: 'admin', password: 'four words of chance' };
  const line = 'up https://github.com/nodejs/undici.git --once';
  const seen = await up(line, { terminal: true });
  expect(seen.stderr).toMatch(/an administrator now, of the tenant default\.[^]*\n {2}name {6}admin\n {2}password {2}four words of chance\n/);
  const others = [seen.stdout, ...[await up(line), await up(`${line} --json`)].flatMap(({ stdout, stderr }) => [stdout, stderr])];
  expect(others.filter((text) => text.includes('four words'))).toEqual([]);
  expect(others[2]).toContain(`The password of the administrator 'admin' is in ${used.platform.folder}/credentials.json.`);
});

it('takes the repository of the folder it is in, and watches until Ctrl-C', async () => {
  const repository = await temporaryRepository({ 'a.ts': '' });
  const after = (type: EventType, sequence: number): LoggedEvent => ({ position: { epoch: 1, sequence }, event: { ...eventExamples[type], id: `event-${sequence}` } });
  used.platform.answer('audit.events.search', ({ types, after: from }) => {
    if (!types || (from?.sequence ?? 0) > 4_711) return { events: [], next: null };
    return { events: [after('graph.normalized.v1', 4_712), after('module.added.v1', 4_713)], next: null };
  });

  const { code, stdout, stderr } = await up('up', { cwd: repository.path, ...until('module added') });

  expect({ code, stops }).toEqual({ code: 0, stops: ['platform'] });
  expect(used.requests('harvester.repository.add')).toEqual([{ location: repository.path }]);
  expect(stdout).toMatch(/Where to look\n {2}harvester +http:[^]*Try, in another terminal\n {2}npx granary status\n/);
  expect(stderr).toMatch(/Watching for changes\. Ctrl-C stops Granary\.\n09:14:02 {2}granary 4b825dc642cb → 9fceb02d0ae5: 3 differences[^\n]*\n {10}module added +src\/a\.ts [^]*Granary has stopped/);
  repository.remove();
});

it('ends with 1 when the harvest failed, once', async () => {
  used.platform.answer('harvester.job.show', () => ({ job: failed }));

  expect(await up('up https://github.com/nodejs/undici.git --once --json')).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('"code":"harvest-failed"') });
  expect(stops).toEqual(['platform']);
});

it('keeps running when the harvest failed, and says where to look', async () => {
  used.platform.answer('harvester.job.show', () => ({ job: failed }));

  const { code, stdout, stderr } = await up('up https://github.com/nodejs/undici.git', until('Watching for changes'));

  expect({ code, stdout, stops }).toEqual({ code: 0, stdout: '', stops: ['platform'] });
  expect(stderr).toMatch(/The harvest of granary failed while fetching: git fetch timed out\nWhere to look\n[^]*Watching for changes/);
});

it('waits for an event log that is away before it watches', async () => {
  let looks = 0;
  used.platform.answer('audit.log.status', () => {
    // The first answer is for the count of events.
    if (looks++ === 1) throw Fault.transient('database-away', 'the database restarts');
    return { ...rpcExamples['audit.log.status'].response, lag: 0 };
  });
  used.platform.answer('audit.events.search', ({ types }) => ({ events: types ? [{ position: { epoch: 1, sequence: 4_712 }, event: eventExamples['harvest.failed.v1'] }] : [], next: null }));

  expect(await up('up https://github.com/nodejs/undici.git', until('harvest failed'))).toMatchObject({ code: 0 });
});

it('is interrupted by Ctrl-C while it harvests, and stops all the same', async () => {
  const stop = new AbortController();
  used.platform.answer('harvester.job.show', () => {
    stop.abort();
    return rpcExamples['harvester.job.show'].response;
  });

  expect(await up('up https://github.com/nodejs/undici.git', { signal: stop.signal })).toMatchObject({ code: 130, stdout: '', stderr: expect.stringMatching(/Granary has stopped[^\n]*\ngranary: Interrupted\.\n$/) });
  expect(stops).toEqual(['platform']);
});

it.each([['up ./nowhere', 4, 'There is no folder'], ['up', 2, 'is not inside a git repository'], ['up --timeout soon', 2, 'is not a length of time']])('%p is refused before anything starts', async (line, code, message) => {
  expect(await up(line)).toEqual({ code, stdout: '', stderr: expect.stringContaining(message) });
  expect(stops).toEqual([]);
});
