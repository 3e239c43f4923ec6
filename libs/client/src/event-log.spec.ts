import { Fault } from '@granary/faults';
import { tailEvents } from './index';

it.each([
  ['tells of the first call of a row that fails', false, 1],
  ['tells nothing of a call that its own end cuts off', true, 0],
])('a tail %s', async (_what, endsFirst, times) => {
  const [stop, told] = [new AbortController(), [] as Error[]];
  let calls = 0;
  const call = async (): Promise<never> => {
    calls += 1;
    if (endsFirst || calls === 3) stop.abort();
    throw Fault.transient('rpc-failed', 'connection closed');
  };
  const clock = { now: () => 0, sleep: async () => undefined };
  const events: unknown[] = [];
  for await (const logged of tailEvents({ call }, {}, { after: { epoch: 1, sequence: 1 }, signal: stop.signal, clock, onTrouble: (fault) => told.push(fault) })) events.push(logged);
  expect(events).toEqual([]);
  expect(told).toHaveLength(times);
});
