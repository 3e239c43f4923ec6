import { createCounter, createGauge, createHistogram, type Metrics } from '@granary/observability';

export interface ExportMeters {
  exported(leaves: number, bytes: number, seconds: number): void;
  /** The day up to whose end everything is exported ends then. */
  completeUntil(time: Date): void;
  /** An object is new in storage. */
  uploaded(): void;
  dropped(): void;
  failed(what: Work): void;
  altered(): void;
}

/** What can fail, each in its own way. */
export type Work = 'checkpoints' | 'export' | 'upload' | 'retention';

const WORK: readonly Work[] = ['checkpoints', 'export', 'upload', 'retention'];

/** Figures of the export, each there from the start. */
export function exportMeters(metrics: Metrics): ExportMeters {
  const days = createCounter(metrics, { name: 'granary_audit_export_days_total', help: 'Days of the event log written into files by this process' });
  const leaves = createCounter(metrics, { name: 'granary_audit_export_records_total', help: 'Records written into files by this process' });
  const bytes = createCounter(metrics, { name: 'granary_audit_export_bytes_total', help: 'Bytes of the files written by this process' });
  const seconds = createHistogram(metrics, { name: 'granary_audit_export_seconds', help: 'Time that a day took to write', buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 1_800] });
  const until = createGauge(metrics, { name: 'granary_audit_export_complete_until_seconds', help: 'Unix time up to which the event log lies in files; 0 while none does' });
  const uploaded = createCounter(metrics, { name: 'granary_audit_upload_objects_total', help: 'Objects stored in S3-compatible storage by this process' });
  const dropped = createCounter(metrics, { name: 'granary_audit_dropped_days_total', help: 'Days that were older than the log is kept, and went' });
  const failures = createCounter(metrics, { name: 'granary_audit_export_failures_total', help: 'Rounds that failed; they are tried again', labels: { work: WORK } });
  const altered = createCounter(metrics, { name: 'granary_audit_log_altered_total', help: 'Times that rows of the log were not those that its tree was made of' });

  return {
    exported(count, size, took) {
      days.inc();
      leaves.inc(count);
      bytes.inc(size);
      seconds.observe(took);
    },
    completeUntil: (time) => until.set(time.getTime() / 1_000),
    uploaded: () => uploaded.inc(),
    dropped: () => dropped.inc(),
    failed: (work) => failures.inc({ work }),
    altered: () => altered.inc(),
  };
}
