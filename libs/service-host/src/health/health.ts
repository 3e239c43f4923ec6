export type HealthState = 'healthy' | 'degraded' | 'unhealthy';

/** What one look at a dependency found. */
export interface Finding {
  readonly state: HealthState;
  readonly detail?: string;
  /** What else was seen, for whoever looks for the reason of a trouble: versions, differences of clocks, migrations. */
  readonly facts?: Readonly<Record<string, string | number | readonly string[]>>;
}

/** Something the service depends on. Without a critical one it cannot do its work; without another it does it worse. */
export interface HealthCheck {
  readonly name: string;
  readonly critical: boolean;
  check(): Promise<Finding>;
}

export interface CheckReport extends Finding {
  readonly name: string;
  readonly critical: boolean;
  readonly ms: number;
}

/** Unhealthy when a critical dependency is, degraded when anything else is not as it should be. */
export function foldHealth(reports: readonly Pick<CheckReport, 'critical' | 'state'>[]): HealthState {
  if (reports.some(({ critical, state }) => critical && state === 'unhealthy')) return 'unhealthy';
  return reports.every(({ state }) => state === 'healthy') ? 'healthy' : 'degraded';
}

/** Where the service is in its life. */
export type Phase =
  | { readonly state: 'starting'; readonly waitingFor: readonly string[] }
  | { readonly state: 'ready' }
  /** It takes no more work; what it had is being finished. Calls and requests are answered until it stops. */
  | { readonly state: 'draining'; readonly unfinished: readonly string[] }
  | { readonly state: 'drained' }
  | { readonly state: 'stopping' };
