import { createLogger } from '@granary/observability';
import { createShutdown } from './shutdown';

const log = createLogger({ service: 'test', level: 'silent' });

function scene() {
  const shutdown = createShutdown(log);
  const stopped: string[] = [];
  const add = (name: string, stop: () => Promise<unknown> = () => Promise.resolve()) => shutdown.add({ name, stop: () => (stopped.push(name), stop()) });
  return { shutdown, stopped, add };
}

describe('shutdown', () => {
  it('stops the youngest first, one after the other', async () => {
    const { shutdown, stopped, add } = scene();
    let draining = false;
    add('database', async () => expect(draining).toBe(false));
    add('broker');
    add('consumers', async () => {
      draining = true;
      await new Promise(setImmediate);
      draining = false;
    });
    expect(await shutdown.run(1_000)).toMatchObject({ unfinished: [] });
    expect(stopped).toEqual(['consumers', 'broker', 'database']);
  });

  it('gives one that hangs half of the time that is left, and the rest to those after it', async () => {
    const { shutdown, stopped, add } = scene();
    const hang = () => new Promise(() => undefined);
    add('database');
    add('broker', hang);
    add('consumers', hang);
    const { ms, unfinished } = await shutdown.run(800);
    expect(unfinished).toEqual(['consumers', 'broker']);
    expect(stopped).toEqual(['consumers', 'broker', 'database']);
    expect(ms).toBeGreaterThanOrEqual(590);
    expect(ms).toBeLessThan(800);
  });

  it('goes on after one that fails, and counts it', async () => {
    const { shutdown, stopped, add } = scene();
    add('database');
    add('relay', () => Promise.reject(new Error('no')));
    expect(await shutdown.run(1_000)).toMatchObject({ unfinished: ['relay'] });
    expect(stopped).toEqual(['relay', 'database']);
  });

  it('also stops what appears while it runs', async () => {
    const { shutdown, stopped, add } = scene();
    add('start-up', async () => add('broker'));
    await shutdown.run(1_000);
    expect(stopped).toEqual(['start-up', 'broker']);
  });
});

describe('a drain', () => {
  it('lets what takes work end, the youngest first, says what is left, and stops the rest later', async () => {
    const { shutdown, stopped, add } = scene();
    const left: (readonly string[])[] = [];
    const drained: string[] = [];
    const worker = (name: string) => shutdown.add({ name, stop: async () => void stopped.push(name), drain: async () => void drained.push(name) });
    add('database');
    worker('jobs');
    add('http');
    worker('consumers');
    await shutdown.drain((unfinished) => left.push(unfinished));
    expect([drained, left]).toEqual([['consumers', 'jobs'], [['consumers', 'jobs'], ['jobs']]]);
    await shutdown.run(1_000);
    expect(stopped).toEqual(['http', 'database']);
  });

  it('gives way to a stop that comes meanwhile', async () => {
    const { shutdown, stopped } = scene();
    const finished = Promise.withResolvers<void>();
    shutdown.add({ name: 'polls', stop: async () => void stopped.push('polls'), drain: async () => expect(stopped).toEqual([]) });
    shutdown.add({ name: 'jobs', stop: async () => (stopped.push('jobs'), finished.resolve()), drain: () => finished.promise });
    const draining = shutdown.drain(() => undefined);
    expect(await shutdown.run(1_000)).toMatchObject({ unfinished: [] });
    await draining;
    expect(stopped).toEqual(['jobs', 'polls']);
  });
});
