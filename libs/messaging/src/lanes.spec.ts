import { Lanes } from './lanes';

/** A task that ends when it is told to. */
function gate(log: string[], name: string) {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const task = async () => {
    log.push(`${name} begins`);
    await opened;
    log.push(`${name} ends`);
  };
  return { task, open };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('run tasks of one key one after the other and of different keys side by side', async () => {
    const log: string[] = [];
    const lanes = new Lanes(8);
    const [a1, a2, b1] = [gate(log, 'a1'), gate(log, 'a2'), gate(log, 'b1')];
    lanes.dispatch('a', a1.task);
    lanes.dispatch('a', a2.task);
    lanes.dispatch('b', b1.task);
    await turn();
    expect(log).toEqual(['a1 begins', 'b1 begins']);
    expect(lanes.size).toBe(3);
    a1.open();
    await turn();
    expect(log).toEqual(['a1 begins', 'b1 begins', 'a1 ends', 'a2 begins']);
    b1.open();
    a2.open();
    await turn();
    expect(lanes.size).toBe(0);
  });

  it('run no more keys than they are wide, and more once they are widened', async () => {
    const log: string[] = [];
    const lanes = new Lanes(1);
    const gates = ['a', 'b', 'c'].map((key) => ({ key, ...gate(log, key) }));
    for (const { key, task } of gates) lanes.dispatch(key, task);
    await turn();
    expect(log).toEqual(['a begins']);
    lanes.setWidth(3);
    await turn();
    expect(log).toEqual(['a begins', 'b begins', 'c begins']);
    for (const { open } of gates) open();
    await lanes.close();
  });

  it('drop what has not begun when they close, and wait for what has', async () => {
    const log: string[] = [];
    const lanes = new Lanes(1);
    const [a, b] = [gate(log, 'a'), gate(log, 'b')];
    lanes.dispatch('a', a.task);
    lanes.dispatch('b', b.task);
    const closed = lanes.close().then(() => log.push('closed'));
    lanes.dispatch('c', gate(log, 'c').task);
    await turn();
    expect(log).toEqual(['a begins']);
    a.open();
    await closed;
    expect(log).toEqual(['a begins', 'a ends', 'closed']);
  });

  it('begin what is offered only when nothing else is ready, and leave places free', async () => {
    const log: string[] = [];
    const lanes = new Lanes(2);
    const [live, offers] = [gate(log, 'live'), ['x', 'y'].map((key) => ({ key, ...gate(log, key) }))];
    for (const { key, task } of offers) lanes.offer(key, task);
    lanes.dispatch('a', live.task);
    await turn();
    expect(log).toEqual(['x begins', 'live begins']);
    live.open();
    await turn();
    // The second place is for what comes.
    expect(log).toEqual(['x begins', 'live begins', 'live ends']);
    for (const { open } of offers) open();
    await turn();
    expect(log.slice(3)).toEqual(['x ends', 'y begins', 'y ends']);
  });

  it('never run what is offered beside a task of its key, and let those that are dispatched go first', async () => {
    const log: string[] = [];
    const lanes = new Lanes(4);
    const [old, older, live] = [gate(log, 'old'), gate(log, 'older'), gate(log, 'live')];
    lanes.offer('a', old.task);
    lanes.offer('a', older.task);
    lanes.dispatch('a', live.task);
    for (const { open } of [old, live, older]) {
      await turn();
      open();
    }
    await turn();
    expect(log).toEqual(['old begins', 'old ends', 'live begins', 'live ends', 'older begins', 'older ends']);
    expect(lanes.size).toBe(0);
  });

  it('drop offers when they close', async () => {
    const log: string[] = [];
    const lanes = new Lanes(1);
    const a = gate(log, 'a');
    lanes.dispatch('a', a.task);
    lanes.offer('b', gate(log, 'b').task);
    const closed = lanes.close();
    lanes.offer('c', gate(log, 'c').task);
    a.open();
    await closed;
    expect(log).toEqual(['a begins', 'a ends']);
  });

  it('close at once when nothing runs', async () => {
    await expect(new Lanes(1).close()).resolves.toBeUndefined();
  });
});
