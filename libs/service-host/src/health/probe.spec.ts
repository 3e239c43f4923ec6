import type { Finding } from './health';
import { createProbe } from './probe';

const check = (name: string, answer: () => Promise<Finding>, critical = true) => ({ name, critical, check: jest.fn(answer) });
const well = () => Promise.resolve<Finding>({ state: 'healthy' });
const never = () => new Promise<Finding>(() => undefined);

describe('a probe', () => {
  it('looks at everything side by side and says what each check found', async () => {
    const probe = createProbe({ now: () => 0 });
    const waiting = Promise.withResolvers<Finding>();
    probe.add(check('first', () => waiting.promise));
    probe.add(check('second', async () => (waiting.resolve({ state: 'healthy' }), { state: 'degraded', detail: 'slow' }), false));
    expect(await probe.report()).toEqual({
      state: 'degraded',
      checks: [
        { name: 'first', critical: true, state: 'healthy', ms: 0 },
        { name: 'second', critical: false, state: 'degraded', detail: 'slow', ms: 0 },
      ],
    });
  });

  it('takes an error for unhealthy', async () => {
    const probe = createProbe();
    probe.add(check('broken', () => Promise.reject(new Error('ECONNREFUSED'))));
    probe.add(check('odd', () => Promise.reject('text')));
    expect(await probe.report()).toMatchObject({ state: 'unhealthy', checks: [{ detail: 'ECONNREFUSED' }, { detail: 'text' }] });
  });

  it('gives each check its deadline, and does not ask one again that has not answered', async () => {
    const probe = createProbe({ deadlineMs: 10, cacheMs: 0 });
    const hanging = check('hanging', never, false);
    probe.add(hanging);
    probe.add(check('well', well));
    const expected = { state: 'degraded', checks: [{ name: 'hanging', state: 'unhealthy', detail: 'no answer within 10 ms' }, { state: 'healthy' }] };
    expect(await probe.report()).toMatchObject(expected);
    expect(await probe.report()).toMatchObject(expected);
    expect(hanging.check).toHaveBeenCalledTimes(1);
  });

  it('looks once for all who ask, and again when its answer is old', async () => {
    let now = 0;
    const probe = createProbe({ cacheMs: 1_000, now: () => now });
    const counted = check('counted', well);
    probe.add(counted);
    await Promise.all([probe.report(), probe.report()]);
    now = 999;
    await probe.report();
    expect(counted.check).toHaveBeenCalledTimes(1);
    now = 1_000;
    await probe.report();
    expect(counted.check).toHaveBeenCalledTimes(2);
  });

  it('knows a check that joins later at once', async () => {
    const probe = createProbe();
    expect(await probe.report()).toEqual({ state: 'healthy', checks: [] });
    probe.add(check('late', () => Promise.resolve({ state: 'unhealthy' })));
    expect((await probe.report()).state).toBe('unhealthy');
  });
});
