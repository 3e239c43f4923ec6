import { Fault } from '@granary/faults';
import { type Clock, type Look, poll, pollDelay, systemClock } from './poll';

/** A clock that stands still except while somebody sleeps. */
function testClock(): Clock & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      time += ms;
    },
  };
}

/** Answers one look after the other; the last one again and again. */
function looks<R>(...answers: (Look<R> | Error)[]): () => Promise<Look<R>> {
  let index = 0;
  return async () => {
    const answer = answers[Math.min(index++, answers.length - 1)];
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  };
}

const waiting = { state: 'waiting' } as const;

describe('pollDelay', () => {
  it('grows by half each time, up to half a second', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 20].map(pollDelay)).toEqual([40, 60, 90, 135, 203, 304, 456, 500, 500]);
  });
});

describe('poll', () => {
  it('looks until there is a result', async () => {
    const clock = testClock();

    await expect(poll('the graph', looks(waiting, waiting, { state: 'done', result: 'here' }), { timeoutMs: 1_000, clock })).resolves.toBe('here');
    expect(clock.slept).toEqual([40, 60]);
  });

  it('takes transient faults for "not yet"', async () => {
    const away = Fault.transient('service-unavailable', 'no normalizer answers');

    await expect(poll('the graph', looks(away, { state: 'done', result: 1 }), { timeoutMs: 1_000, clock: testClock() })).resolves.toBe(1);
  });

  it.each([Fault.permanent('not-found', 'no such job'), new TypeError('a bug')])('ends with %p at once', async (error) => {
    await expect(poll('the job', looks(error), { timeoutMs: 1_000, clock: testClock() })).rejects.toBe(error);
  });

  it('gives up in time and says what it waited for', async () => {
    const clock = testClock();

    await expect(poll('the graph of granary', looks(waiting), { timeoutMs: 150, clock })).rejects.toMatchObject({
      kind: 'transient', code: 'wait-timed-out', message: 'Waited 150 ms for the graph of granary; it is not there yet.',
    });
    expect(clock.slept).toEqual([40, 60, 50]);
  });

  it('names the last trouble when it gives up', async () => {
    const away = Fault.transient('service-unavailable', 'no normalizer answers');

    await expect(poll('the graph', looks(away), { timeoutMs: 90_500, clock: testClock() })).rejects.toMatchObject({
      message: 'Waited 90.5 s for the graph; it is not there yet. The last look failed: no normalizer answers', cause: away,
    });
  });

  it('ends with the reason of the signal', async () => {
    const reason = new Error('the user went home');
    const stop = new AbortController();
    const look = async (): Promise<Look<never>> => {
      stop.abort(reason);
      return waiting;
    };

    await expect(poll('the graph', look, { timeoutMs: 1_000, clock: testClock(), signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('systemClock', () => {
  it('sleeps about as long as it is told, by its own count', async () => {
    const before = systemClock.now();
    await systemClock.sleep(20);
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(19);
  });

  it('wakes up when the signal is aborted', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
