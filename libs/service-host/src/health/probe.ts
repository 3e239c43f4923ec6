import { foldHealth, type CheckReport, type Finding, type HealthCheck, type HealthState } from './health';

export interface HealthReport {
  readonly state: HealthState;
  readonly checks: readonly CheckReport[];
}

export interface ProbeOptions {
  /** Time one check has. Default 2 s. */
  readonly deadlineMs?: number;
  /** How long an answer is good enough for the next one who asks. Default 1 s. */
  readonly cacheMs?: number;
  /** Milliseconds of any clock that only goes forward. */
  readonly now?: () => number;
}

export interface Probe {
  add(check: HealthCheck): void;
  /** Looks at all dependencies side by side. However many ask, one look is under way. */
  report(): Promise<HealthReport>;
}

export function createProbe({ deadlineMs = 2_000, cacheMs = 1_000, now = () => performance.now() }: ProbeOptions = {}): Probe {
  const checks: Looking[] = [];
  let latest: { until: number; report: HealthReport } | null = null;
  let underWay: Promise<HealthReport> | null = null;

  async function look(): Promise<HealthReport> {
    const reports = await Promise.all(checks.map((check) => lookAt(check, deadlineMs, now)));
    const report = { state: foldHealth(reports), checks: reports };
    latest = { until: now() + cacheMs, report };
    underWay = null;
    return report;
  }

  return {
    add(check) {
      checks.push({ ...check, check: () => check.check(), unanswered: null });
      latest = null;
    },
    report() {
      if (latest !== null && now() < latest.until) return Promise.resolve(latest.report);
      underWay ??= look();
      return underWay;
    },
  };
}

// A check that hangs is not asked again before it has answered, so that probes do not pile up behind it.
interface Looking extends HealthCheck {
  unanswered: Promise<Finding> | null;
}

async function lookAt(check: Looking, deadlineMs: number, now: () => number): Promise<CheckReport> {
  const begun = now();
  check.unanswered ??= ask(check).finally(() => (check.unanswered = null));
  const { promise: late, resolve } = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => resolve({ state: 'unhealthy', detail: `no answer within ${deadlineMs} ms` }), deadlineMs);
  const finding = await Promise.race([check.unanswered, late]);
  clearTimeout(timer);
  return { name: check.name, critical: check.critical, ...finding, ms: Math.round(now() - begun) };
}

async function ask(check: HealthCheck): Promise<Finding> {
  try {
    return await check.check();
  } catch (error) {
    return { state: 'unhealthy', detail: error instanceof Error ? error.message : String(error) };
  }
}
