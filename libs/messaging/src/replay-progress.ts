import type { LogPlace, ReplayBatch, ReplayFailure } from './ports';

/** What one report says: everything between two places of the log is settled. */
export interface Told {
  from: LogPlace;
  through: LogPlace;
  handled: number;
  failures: readonly ReplayFailure[];
}

/** Failures in one report at most: it has to fit into a message. */
const MOST_FAILURES = 100;

/**
 * How far a batch is. Its events are settled in any order, and told of in the order of the log: up to the first one that is
 * not settled.
 */
export class Progress {
  private readonly settled = new Map<string, ReplayFailure | 'handled'>();
  private told = 0;
  private from: LogPlace;

  constructor(private readonly batch: Pick<ReplayBatch, 'from' | 'through' | 'entries'>) {
    this.from = batch.from;
  }

  settle(position: LogPlace, as: ReplayFailure | 'handled'): void {
    this.settled.set(nameOf(position), as);
  }

  /** That was heard: the next report goes on behind it. */
  heard({ through, handled, failures }: Told): void {
    this.from = through;
    this.told += handled + failures.length;
  }

  /** What a report says now; when nothing more is settled, it ends where it begins. */
  next(): Told {
    const { entries, through } = this.batch;
    const failures: ReplayFailure[] = [];
    let [handled, reached] = [0, this.from];
    for (let place = this.told; place < entries.length; place += 1) {
      const entry = entries[place];
      const as = entry && this.settled.get(nameOf(entry.position));
      if (!entry || !as || failures.length === MOST_FAILURES) return { from: this.from, through: reached, handled, failures };
      if (as === 'handled') handled += 1;
      else failures.push(as);
      reached = entry.position;
    }
    return { from: this.from, through, handled, failures };
  }
}

const nameOf = ({ epoch, sequence }: LogPlace): string => `${epoch}:${sequence}`;

/** Whether a report moves anything. */
export const moves = ({ from, through }: Told): boolean => from.epoch !== through.epoch || from.sequence !== through.sequence;
