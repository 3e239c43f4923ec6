import type { LogPosition } from '@granary/contracts';
import { comparePositions } from './position';
import type { Filtered } from './filter';

/** One event in the form in which every stream sends it. */
export interface Framed extends Filtered {
  readonly position: LogPosition;
  readonly frame: Buffer;
}

export interface WindowLimits {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * The newest end of the log in memory, shared by all streams: everything behind `begin` up to `end`, without gap. It grows
 * at its end and forgets at its beginning, so that it never holds more than its limits; but its last entry stays, however large.
 */
export class Window {
  private readonly entries: Framed[] = [];
  private bytes = 0;
  private beginning: LogPosition;
  private ending: LogPosition;

  constructor(
    start: LogPosition,
    private readonly limits: WindowLimits,
  ) {
    this.beginning = start;
    this.ending = start;
  }

  /** The window holds what is behind this position. */
  get begin(): LogPosition {
    return this.beginning;
  }

  /** And what is up to this one. */
  get end(): LogPosition {
    return this.ending;
  }

  /** Takes what follows its end in the log, in order. */
  append(added: readonly Framed[]): void {
    const last = added.at(-1);
    if (last === undefined) return;
    for (const entry of added) {
      this.entries.push(entry);
      this.bytes += entry.frame.length;
    }
    this.ending = last.position;
    this.entries.splice(0, this.surplus());
  }

  /** Whether everything behind the position is here, as far as it is known. */
  covers(position: LogPosition): boolean {
    return comparePositions(position, this.beginning) >= 0;
  }

  /** What follows a position, the oldest first. Whoever asks makes sure that the window covers it. */
  *after(position: LogPosition): Generator<Framed> {
    for (let index = this.indexBehind(position); index < this.entries.length; index += 1) yield this.entries[index] as Framed;
  }

  /** How many of the oldest have to go; they are behind its beginning from here on. */
  private surplus(): number {
    let gone = 0;
    while (this.entries.length - gone > 1 && (this.entries.length - gone > this.limits.entries || this.bytes > this.limits.bytes)) {
      const { frame, position } = this.entries[gone] as Framed;
      this.bytes -= frame.length;
      this.beginning = position;
      gone += 1;
    }
    return gone;
  }

  /** Halving: a stream that waited is nearly always at the end, but one that comes back may stand anywhere. */
  private indexBehind(position: LogPosition): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePositions((this.entries[middle] as Framed).position, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
