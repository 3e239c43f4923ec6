import { createCounter, createGauge } from '@granary/observability';
import type { Metrics } from '@granary/observability';

export const LOGIN_OUTCOMES = ['succeeded', 'wrong-password', 'unknown-name', 'unknown-tenant', 'no-password', 'disabled', 'locked-out'] as const;
export type LoginOutcome = (typeof LOGIN_OUTCOMES)[number];

export interface AuthMeters {
  login(outcome: LoginOutcome): void;
  lockedOut(): void;
  issued(credential: 'session' | 'api-key' | 'service'): void;
  reused(): void;
  sessions(open: number): void;
}

/** @param trustAge seconds since signing keys and revocations were last read */
export function authMeters(metrics: Metrics, trustAge: () => number): AuthMeters {
  const logins = createCounter(metrics, { name: 'granary_auth_logins_total', help: 'Attempts to log in with a password, by outcome', labels: { outcome: LOGIN_OUTCOMES } });
  const lockouts = createCounter(metrics, { name: 'granary_auth_lockouts_total', help: 'Names locked after too many wrong passwords' });
  const tokens = createCounter(metrics, { name: 'granary_auth_tokens_total', help: 'Access tokens issued, by what they were given for', labels: { credential: ['session', 'api-key', 'service'] } });
  const reuses = createCounter(metrics, { name: 'granary_auth_refresh_reuse_total', help: 'Sessions ended because a refresh token was used twice' });
  const open = createGauge(metrics, { name: 'granary_auth_sessions', help: 'Sessions that go on' });
  createGauge(metrics, { name: 'granary_auth_trust_age_seconds', help: 'Time since signing keys and revocations were last read from the database', read: trustAge });
  return {
    login: (outcome) => logins.inc({ outcome }),
    lockedOut: () => lockouts.inc(),
    issued: (credential) => tokens.inc({ credential }),
    reused: () => reuses.inc(),
    sessions: (count) => open.set(count),
  };
}
