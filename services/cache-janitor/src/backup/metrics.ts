import { createCounter, createGauge, type Metrics } from '@granary/observability';
import type { RunKind } from '../store/backup-run.store';

export interface BackupMeters {
  ended(kind: RunKind, outcome: 'done' | 'failed', seconds: number): void;
}

const KINDS: readonly RunKind[] = ['create', 'verify'];

/** @param read what is known of the backups at this moment */
export function backupMeters(metrics: Metrics, read: { verifiedAge(): number; count(): number; bytes(): number }): BackupMeters {
  createGauge(metrics, { name: 'granary_backup_verified_age_seconds', help: 'Time since a backup was last restored into scratch servers and found to be right; +Inf when none ever was', read: read.verifiedAge });
  createGauge(metrics, { name: 'granary_backups', help: 'Backups that are kept', read: read.count });
  createGauge(metrics, { name: 'granary_backup_bytes', help: 'What all backups take on the disk', read: read.bytes });
  const runs = createCounter(metrics, { name: 'granary_backup_runs_total', help: 'Backups that were made or verified, or failed to be', labels: { kind: KINDS, outcome: ['done', 'failed'] } });
  const seconds = createCounter(metrics, { name: 'granary_backup_run_seconds_total', help: 'Time that backups and their verification took', labels: { kind: KINDS } });
  return {
    ended(kind, outcome, took) {
      runs.inc({ kind, outcome });
      seconds.inc({ kind }, took);
    },
  };
}
