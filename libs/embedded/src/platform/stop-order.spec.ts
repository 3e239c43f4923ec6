import { STOP_MS, stopOrder } from './stop-order';

describe('stopOrder', () => {
  it('closes the edge first, keeps the log until the end, and the servers longer still', () => {
    expect(stopOrder(['audit', 'auth', 'gateway', 'harvester']).map(({ names }) => names)).toEqual([['gateway'], ['auth', 'harvester'], ['audit'], ['nats'], ['postgres']]);
  });

  it('leaves out what is not there', () => {
    expect(stopOrder(['harvester']).map(({ names }) => names)).toEqual([['harvester'], ['nats'], ['postgres']]);
  });

  it('ends in time, each step after the one before', () => {
    const times = stopOrder(['audit', 'auth', 'gateway']).map(({ untilMs }) => untilMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.max(...times)).toBeLessThan(STOP_MS);
  });
});
