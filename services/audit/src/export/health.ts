import type { Work } from './metrics';

/** How the export is, as far as this process knows. */
export interface ExportState {
  /** Whether this process writes it. */
  readonly leads: boolean;
  /** End of the last day that lies in files; null before the first. */
  readonly completeUntil: Date | null;
  /** What failed last, of what has not succeeded since. */
  readonly failing: ReadonlyMap<Work, string>;
}

/** Past midnight, until when the day before has to lie in files. */
const LATE_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

/** Degraded as soon as something fails or is late; a log that was altered is unhealthy. */
export function judgeExport({ leads, completeUntil, failing }: ExportState, altered: string | null, now: Date): { state: 'healthy' | 'degraded' | 'unhealthy'; detail: string } {
  if (altered !== null) return { state: 'unhealthy', detail: altered };
  const failed = [...failing].map(([work, why]) => `${work}: ${why}`).join('; ');
  if (failed !== '') return { state: 'degraded', detail: failed };
  if (!leads) return { state: 'healthy', detail: 'standby' };
  const until = completeUntil === null ? 'nothing exported yet' : `exported up to ${completeUntil.toISOString()}`;
  const late = completeUntil !== null && now.getTime() - completeUntil.getTime() > DAY_MS + LATE_MS;
  return { state: late ? 'degraded' : 'healthy', detail: late ? `${until}, which is late` : until };
}
