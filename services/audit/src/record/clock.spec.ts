import { aRow } from '../../test/row';
import { NO_CLOCK, readClock } from './clock';

const at = (ms: number) => aRow({ storedAt: new Date(ms).toISOString() });

describe('readClock', () => {
  it('knows the latest time and the greatest step back', () => {
    expect(readClock(NO_CLOCK, [at(10), at(30), at(20), at(29), at(31)])).toEqual({ newestMs: 31, stepMs: 10 });
  });

  it('goes on from what is known', () => {
    expect(readClock({ newestMs: 100, stepMs: 3 }, [at(95), at(101)])).toEqual({ newestMs: 101, stepMs: 5 });
    expect(readClock({ newestMs: 100, stepMs: 3 }, [at(99)])).toEqual({ newestMs: 100, stepMs: 3 });
  });
});
