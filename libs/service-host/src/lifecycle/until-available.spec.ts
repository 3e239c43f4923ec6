import { Fault } from '@granary/faults';
import { createLogger } from '@granary/observability';
import { untilAvailable } from './until-available';

/** Attempts that fail as listed and then succeed, on a clock that only sleeping moves. */
function scene(failures: unknown[], pace: { longestPauseMs?: number; graceMs?: number } = {}) {
  const lines: string[] = [];
  const waiting: (string | null)[] = [];
  const pauses: number[] = [];
  let now = 0;
  const aborting = new AbortController();
  const run = () =>
    untilAvailable({
      ...pace,
      name: 'database',
      attempt: async () => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        return 'connected';
      },
      signal: aborting.signal,
      log: createLogger({ service: 'test', level: 'info', destination: { write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg) } }),
      onWaiting: (reason) => waiting.push(reason),
      now: () => now,
      sleep: async (ms) => {
        pauses.push(ms);
        now += ms;
      },
    });
  return { run, lines, waiting, pauses, aborting };
}

const refused = () => Fault.transient('database-unreachable', 'ECONNREFUSED');
const starting = () => Fault.transient('database-unreachable', 'the database system is starting up');

describe('untilAvailable', () => {
  it('is silent when everything is there', async () => {
    const { run, lines, waiting } = scene([]);
    expect(await run()).toBe('connected');
    expect([lines, waiting]).toEqual([[], [null]]);
  });

  it('says each new reason once, and that the wait is over', async () => {
    const { run, lines, waiting } = scene([refused(), refused(), starting(), starting()]);
    expect(await run()).toBe('connected');
    expect(lines).toEqual(['waiting for the database: ECONNREFUSED', 'waiting for the database: the database system is starting up', 'the database is there']);
    expect(waiting).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'the database system is starting up', 'the database system is starting up', null]);
  });

  it('waits longer each time, up to 3 s, and reminds every 30 s', async () => {
    const { run, lines, pauses } = scene(Array.from({ length: 26 }, refused));
    await run();
    expect(pauses.slice(0, 7)).toEqual([100, 200, 400, 800, 1_600, 3_000, 3_000]);
    expect(Math.max(...pauses)).toBe(3_000);
    // 66 s in all: at the start, after 30 s and after 60 s.
    expect(lines.filter((line) => line.startsWith('waiting'))).toHaveLength(3);
  });

  it('looks more often, and says nothing at first, for what is normally there a moment later', async () => {
    const { run, lines, waiting, pauses } = scene([refused(), refused(), refused(), refused(), refused()], { longestPauseMs: 250, graceMs: 800 });
    await run();
    expect(pauses).toEqual([100, 200, 250, 250, 250]);
    expect(lines).toEqual(['waiting for the database: ECONNREFUSED', 'the database is there']);
    expect(waiting).toHaveLength(6);
  });

  it.each([Fault.permanent('database-refused', 'wrong password'), new TypeError('a bug')])('does not wait for %p to go away', async (error) => {
    const { run, pauses } = scene([error]);
    await expect(run()).rejects.toBe(error);
    expect(pauses).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const { run, aborting } = scene([refused()]);
    const end = Fault.transient('stopped', 'the service is stopped');
    aborting.abort(end);
    await expect(run()).rejects.toBe(end);
  });
});
