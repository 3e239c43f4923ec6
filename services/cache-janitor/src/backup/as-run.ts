import type { BackupRun as RunShape } from '@granary/contracts';
import type { BackupRun } from '../store/backup-run.store';

/** A run as others are told of it. */
export function asRun({ runId, kind, backup, state, requestedAt, endedAt, code, message }: BackupRun): RunShape {
  return { runId, kind, backup, state, requestedAt: requestedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, code, message };
}
