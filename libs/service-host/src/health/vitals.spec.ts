import { createProbe } from './probe';
import { createVitals } from './vitals';
import type { HealthState } from './health';

function vitalsOf(state: HealthState = 'healthy') {
  const clock = { now: new Date('2026-01-01T00:00:00Z') };
  const probe = createProbe({ now: () => 0 });
  probe.add({ name: 'broker', critical: true, check: () => Promise.resolve({ state }) });
  return { clock, vitals: createVitals({ service: 'auth', version: '1.2.3', build: '9fceb02', probe, now: () => clock.now }) };
}

describe('ready', () => {
  it('says what is waited for, then yes, then no as soon as the service stops', () => {
    const { vitals } = vitalsOf();
    expect(vitals.ready()).toEqual({ status: 503, body: { status: 'starting', waitingFor: [] } });
    vitals.move({ state: 'starting', waitingFor: ['database: refused'] });
    expect(vitals.ready()).toEqual({ status: 503, body: { status: 'starting', waitingFor: ['database: refused'] } });
    vitals.move({ state: 'ready' });
    expect(vitals.ready()).toEqual({ status: 200, body: { status: 'ready' } });
    vitals.move({ state: 'draining', unfinished: ['consumers'] });
    vitals.move({ state: 'ready' });
    expect(vitals.ready()).toEqual({ status: 503, body: { status: 'draining', unfinished: ['consumers'] } });
    vitals.move({ state: 'drained' });
    expect(vitals.ready()).toEqual({ status: 503, body: { status: 'drained' } });
    vitals.move({ state: 'stopping' });
    vitals.move({ state: 'ready' });
    expect(vitals.ready()).toEqual({ status: 503, body: { status: 'stopping' } });
  });
});

describe('live', () => {
  it('is always yes', () => {
    expect(vitalsOf('unhealthy').vitals.live()).toEqual({ status: 200, body: { status: 'live' } });
  });
});

describe('summary and status', () => {
  it.each([
    ['healthy', 200],
    ['degraded', 200],
    ['unhealthy', 503],
  ] as const)('%s is answered with %d', async (state, status) => {
    const { vitals, clock } = vitalsOf(state);
    clock.now = new Date('2026-01-01T00:01:30Z');
    expect(await vitals.summary()).toEqual({ status, body: { status: state, service: 'auth', version: '1.2.3', uptimeSeconds: 90, phase: 'starting' } });
    expect(await vitals.status()).toEqual({
      status,
      body: {
        status: state,
        service: 'auth',
        version: '1.2.3',
        uptimeSeconds: 90,
        build: '9fceb02',
        now: '2026-01-01T00:01:30.000Z',
        startedAt: '2026-01-01T00:00:00.000Z',
        phase: { state: 'starting', waitingFor: [] },
        checks: [{ name: 'broker', critical: true, state, ms: 0 }],
      },
    });
  });
});
