import { createReading } from './reading';

describe('createReading', () => {
  it('asks once for all who want to know, and again when the answer is old', async () => {
    let at = 0;
    const shown: number[] = [];
    let asked = 0;
    const reading = createReading({ read: async () => (asked += 1), show: (figure) => shown.push(figure), keepMs: 5_000, now: () => at });
    await Promise.all([reading(), reading()]);
    at = 4_999;
    await reading();
    expect(shown).toEqual([1]);
    at = 5_000;
    await reading();
    expect(shown).toEqual([1, 2]);
  });

  it('does not fail, and does not ask again at once', async () => {
    let at = 0;
    const failures: unknown[] = [];
    const reading = createReading({ read: async () => Promise.reject(new Error('away')), show: () => undefined, failed: (error) => failures.push((error as Error).message), keepMs: 5_000, now: () => at });
    await reading();
    await reading();
    at = 6_000;
    await reading();
    expect(failures).toEqual(['away', 'away']);
  });

  it('waits no longer than its deadline, and shows what comes later', async () => {
    const answer = Promise.withResolvers<number>();
    const told: unknown[] = [];
    let asked = 0;
    const read = () => {
      asked += 1;
      return answer.promise;
    };
    const reading = createReading({ read, show: (figure) => told.push(figure), failed: (error) => told.push((error as Error).message), deadlineMs: 1 });
    await reading();
    await reading();
    expect(told).toEqual(['no answer within 1 ms', 'no answer within 1 ms']);
    answer.resolve(7);
    await reading();
    expect(told.slice(2)).toEqual([7]);
    expect(asked).toBe(1);
  });
});
