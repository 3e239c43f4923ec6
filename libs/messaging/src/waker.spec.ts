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
});
