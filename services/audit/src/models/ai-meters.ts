import { createCounter, createGauge, createHistogram } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { UnpricedReason } from './price';
import type { PricedFact } from './sums';

export interface AiMeters {
  /** New records, events that were known already, and the time it took. */
  appended(fresh: readonly PricedFact[], repeats: number, seconds: number): void;
  unreadable(): void;
  budgetPassed(): void;
  readUpTo(moment: Date | null): void;
}

const KINDS: readonly PricedFact['kind'][] = ['invocation', 'safety-check', 'harvest-safety', 'pii-handling', 'rejected-output'];
const REASONS: readonly UnpricedReason[] = ['no-price-table', 'unknown-model', 'unknown-kind', 'usage-not-reported', 'usage-contradicts'];

/** Figures of the AI audit, each there from the start. */
export function aiMeters(metrics: Metrics): AiMeters {
  const records = createCounter(metrics, { name: 'granary_ai_audit_records_total', help: 'Records that the AI audit took from the event log', labels: { kind: KINDS } });
  const unpriced = createCounter(metrics, { name: 'granary_ai_audit_unpriced_total', help: 'Calls of models that have no cost, as they were read, by the reason', labels: { reason: REASONS } });
  const cost = createCounter(metrics, { name: 'granary_ai_audit_cost_dollars_total', help: 'What calls of models cost that had a price when they were read, in US dollars' });
  const repeated = createCounter(metrics, { name: 'granary_ai_audit_repeats_total', help: 'Events that were known already by tenant, source and id' });
  const unreadable = createCounter(metrics, { name: 'granary_ai_audit_unreadable_total', help: 'Events about AI that break their contract and are left out' });
  const passed = createCounter(metrics, { name: 'granary_ai_audit_budgets_passed_total', help: 'Thresholds of budgets that were passed' });
  const seconds = createHistogram(metrics, { name: 'granary_ai_audit_write_seconds', help: 'Time of one write, with its commit', buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
  const readUpTo = createGauge(metrics, { name: 'granary_ai_audit_read_up_to_seconds', help: 'When the newest event was stored that the AI audit has read, in seconds since 1970; 0 in a process that does not read' });
  return {
    appended(fresh, repeats, took) {
      for (const { kind, cost: known } of fresh) {
        records.inc({ kind });
        if (known?.state === 'priced') cost.inc(Number(known.nanoDollars) / 1e9);
        if (known?.state === 'unpriced') unpriced.inc({ reason: known.reason });
      }
      repeated.inc(repeats);
      seconds.observe(took);
    },
    unreadable: () => unreadable.inc(),
    budgetPassed: () => passed.inc(),
    readUpTo: (moment) => moment && readUpTo.set(moment.getTime() / 1_000),
  };
}
