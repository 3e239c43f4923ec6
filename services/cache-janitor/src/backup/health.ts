import type { Finding } from '@granary/service-host';
import type { BackupRun } from '../store/backup-run.store';

export interface BackupFacts {
  /** Seconds since the last verified restore. */
  readonly verifiedAge: number;
  /** What ended last, null when nothing did. */
  readonly last: Pick<BackupRun, 'state' | 'kind' | 'code' | 'message'> | null;
  readonly everyMs: number;
}

/** What ended without having failed at anything. A backup holds itself as one that is being made, so what is restored from it begins with one of these. */
const CUT_SHORT: ReadonlySet<string | null> = new Set(['interrupted', 'stopped', 'lease-lost']);

/** Degraded when the last attempt failed, or when no backup was verified for twice the time in which there should be one. */
export function judgeBackups({ verifiedAge, last, everyMs }: BackupFacts): Finding {
  if (last?.state === 'failed' && !CUT_SHORT.has(last.code)) return { state: 'degraded', detail: `the last attempt to ${last.kind} a backup failed: ${last.message ?? ''}` };
  if (verifiedAge === Infinity) return { state: 'healthy', detail: 'there is no verified backup yet' };
  if (verifiedAge * 1_000 > 2 * everyMs) return { state: 'degraded', detail: `the last backup was verified ${Math.round(verifiedAge / 3_600)} h ago` };
  return { state: 'healthy' };
}
