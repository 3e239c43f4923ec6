import { Waker } from './waker';

describe('a waker', () => {
  it('ends a sleep', async () => {
    const waker = new Waker();
    const asleep = waker.sleep(60_000).then(() => 'awake');
    waker.wake();
    expect(await asleep).toBe('awake');
  });

  it('lets a sleep end by itself, and may wake when nobody sleeps', async () => {
    const waker = new Waker();
    waker.wake();
    await waker.sleep(1);
    waker.wake();
  });

  it('ends the sleep of everybody', async () => {
    const waker = new Waker();
    const asleep = Promise.all([waker.sleep(60_000), waker.sleep(60_000)]).then(() => 'awake');
    waker.wake();
    expect(await asleep).toBe('awake');
  });

  it('keeps one sleep as long as it was to be, whenever another ends', async () => {
    const waker = new Waker();
    const ends: string[] = [];
    const long = waker.sleep(60_000).then(() => ends.push('long'));
    await waker.sleep(1).then(() => ends.push('short'));
    expect(ends).toEqual(['short']);
    waker.wake();
    await long;
  });
});
