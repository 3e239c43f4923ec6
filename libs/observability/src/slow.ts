import { createCounter, type Metrics } from './metrics';
import type { Logger } from './logger';

/** What is watched for taking too long. */
export type SlowKind = 'http' | 'rpc' | 'handler' | 'database' | 'harvest';

/** Told of everything that has ended, with the milliseconds that it took. Operations are names out of a bounded set, such as a route or an event type; a function is asked only when it was slow. */
export type SlowWatch = (kind: SlowKind, operation: string | (() => string), ms: number, fields?: Readonly<Record<string, unknown>>) => void;

export interface SlowWatchOptions {
  readonly metrics: Metrics;
  readonly log: Logger;
  /** From how many milliseconds on something of a kind is slow. Kinds left out are not watched. */
  readonly thresholds: Readonly<Partial<Record<SlowKind, number>>>;
  /** An operation is named in the log once in this time at most; all of its slow runs are counted. Default 10 s. */
  readonly quietMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** For who is watched by nobody. */
export const UNWATCHED: SlowWatch = () => undefined;

// Operations are bounded, but not by us: those of the database are statements.
const MOST_REMEMBERED = 1_000;

/** Counts what takes longer than it should, and names it in the log. */
export function createSlowWatch({ metrics, log, thresholds, quietMs = 10_000, now = () => performance.now() }: SlowWatchOptions): SlowWatch {
  const kinds = Object.keys(thresholds) as SlowKind[];
  const slow = createCounter(metrics, { name: 'granary_slow_operations_total', help: 'Operations that took longer than their threshold; the log names them', labels: { kind: kinds } });
  const quietUntil = new Map<string, number>();

  const isWorthALine = (name: string): boolean => {
    const at = now();
    if (at < (quietUntil.get(name) ?? -Infinity)) return false;
    if (quietUntil.size >= MOST_REMEMBERED) quietUntil.clear();
    quietUntil.set(name, at + quietMs);
    return true;
  };
  return (kind, operation, ms, fields) => {
    const thresholdMs = thresholds[kind];
    if (thresholdMs === undefined || ms < thresholdMs) return;
    slow.inc({ kind });
    const name = typeof operation === 'string' ? operation : operation();
    if (isWorthALine(`${kind} ${name}`)) log.warn({ kind, operation: name, ms: Math.round(ms), thresholdMs, ...fields }, 'slow operation');
  };
}
