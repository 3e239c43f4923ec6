import { judgeComparison, judgeHealth, judgeKeeper } from './health';

const lag = (messages: number, seconds: number) => ({ messages, seconds });

describe('judgeHealth', () => {
  it('is healthy while the log keeps up, in the writer and in a standby', () => {
    expect(judgeHealth({ state: 'writing' }, lag(0, 0), 60)).toEqual({ state: 'healthy', detail: 'writing, complete' });
    expect(judgeHealth({ state: 'standby' }, lag(12, 2), 60)).toEqual({ state: 'healthy', detail: 'standby, 12 events behind, for 2 s' });
  });

  it('is degraded when it is late, and says why the writer does not write', () => {
    expect(judgeHealth({ state: 'interrupted', why: 'no PostgreSQL answers' }, lag(12, 61), 60)).toEqual({ state: 'degraded', detail: 'interrupted, 12 events behind, for 61 s: no PostgreSQL answers' });
  });

  it('is degraded while nothing is known', () => {
    expect(judgeHealth({ state: 'writing' }, null, 60).state).toBe('degraded');
  });

  it('is unhealthy when stream and log contradict each other', () => {
    expect(judgeHealth({ state: 'conflict', why: 'the event log holds …' }, lag(0, 0), 60)).toEqual({ state: 'unhealthy', detail: 'the event log holds …' });
  });
});

it.each([
  [{ state: 'idle' }, 'healthy', 'idle'],
  [{ state: 'consistent' }, 'healthy', 'consistent'],
  [{ state: 'behind', why: 'set back' }, 'degraded', 'set back'],
  [{ state: 'failing', why: 'no space left' }, 'degraded', 'no space left'],
  [{ state: 'contradicts', why: 'another log' }, 'unhealthy', 'another log'],
] as const)('takes checkpoints that are %j for %s', (keeper, state, detail) => {
  expect(judgeKeeper(keeper)).toEqual({ state, detail });
});

it.each([
  [null, { state: 'healthy', detail: 'idle' }],
  [{ upTo: null, wrong: null }, { state: 'healthy', detail: 'nothing to compare yet' }],
  [{ upTo: { epoch: 1, sequence: 9, storedAt: null }, wrong: null }, { state: 'healthy', detail: 'complete up to epoch 1, sequence 9' }],
  [{ upTo: { epoch: 1, sequence: 9, storedAt: null }, wrong: { epoch: 1, sequence: 4 } }, { state: 'unhealthy', detail: "at epoch 1, sequence 4 the log is not what the stream says; the service's log tells how" }],
])('judges a comparison that is at %j', (comparison, health) => {
  expect(judgeComparison(comparison)).toEqual(health);
});
