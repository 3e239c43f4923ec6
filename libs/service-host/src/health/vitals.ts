import type { HealthState, Phase } from './health';
import type { HealthReport, Probe } from './probe';

export interface Identity {
  readonly service: string;
  readonly version: string;
  /** What exactly runs, such as the commit of an image; versions alone do not tell two builds of a day apart. */
  readonly build?: string;
}

/** A body and the HTTP status it is answered with. */
export interface Answer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Vitals {
  phase(): Phase;
  move(phase: Phase): void;
  /** Who this is and how it does, in one line. */
  summary(): Promise<Answer>;
  /** The process runs. Touches nothing else: a restart cures no dependency. */
  live(): Answer;
  /** Whether it wants work: not before everything has started, not once it stops. */
  ready(): Answer;
  /** Everything it depends on. */
  status(): Promise<Answer>;
}

export interface VitalsOptions extends Identity {
  readonly probe: Probe;
  readonly now: () => Date;
}

/** What a service says about itself. */
export function createVitals({ service, version, build, probe, now }: VitalsOptions): Vitals {
  const startedAt = now();
  let phase: Phase = { state: 'starting', waitingFor: [] };
  const identity = () => ({ service, version, uptimeSeconds: Math.round((now().getTime() - startedAt.getTime()) / 1_000) });
  return {
    phase: () => phase,
    move(next) {
      // Nothing that still ends in the background makes a stopping or draining service ready again.
      if (rank(next) >= rank(phase)) phase = next;
    },
    async summary() {
      const { state } = await probe.report();
      return { status: httpStatus(state), body: { status: state, ...identity(), phase: phase.state } };
    },
    live: () => ({ status: 200, body: { status: 'live' } }),
    ready: () => readiness(phase),
    async status() {
      const { state, checks }: HealthReport = await probe.report();
      return { status: httpStatus(state), body: { status: state, ...identity(), build: build ?? null, now: now().toISOString(), startedAt: startedAt.toISOString(), phase, checks } };
    },
  };
}

function httpStatus(state: HealthState): 200 | 503 {
  return state === 'unhealthy' ? 503 : 200;
}

/** A service may wait again for what it had, until it was told to end. */
function rank({ state }: Phase): number {
  return ['starting', 'ready'].includes(state) ? 0 : ['draining', 'drained', 'stopping'].indexOf(state) + 1;
}

function readiness(phase: Phase): Answer {
  if (phase.state === 'ready') return { status: 200, body: { status: 'ready' } };
  const { state: status, ...more } = phase;
  return { status: 503, body: { status, ...more } };
}
