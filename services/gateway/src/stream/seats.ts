import { Fault } from '@granary/faults';

export interface SeatLimits {
  /** Of this gateway. */
  readonly all: number;
  readonly perPrincipal: number;
}

/** A place for one stream, taken before anything is done for it. Giving it back twice is fine. */
export type GiveBack = () => void;

/** Counts who has how many streams open, so that nobody has more than a share, and all together no more than the gateway can hold. */
export class Seats {
  private readonly taken = new Map<string, number>();
  private all = 0;

  constructor(private readonly limits: SeatLimits) {}

  get count(): number {
    return this.all;
  }

  /** Faults, both transient: `too-many-streams` of this principal, `streams-full`. */
  take(principal: string): GiveBack {
    const { all, perPrincipal } = this.limits;
    const own = this.taken.get(principal) ?? 0;
    if (own >= perPrincipal) throw Fault.transient('too-many-streams', `${own} streams of yours are open at this gateway, which is as many as one may have; end one, or read several types with one stream`);
    if (this.all >= all) throw Fault.transient('streams-full', `${this.all} streams are open at this gateway, which is as many as it takes; try again, or at another gateway`);
    this.taken.set(principal, own + 1);
    this.all += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.release(principal);
    };
  }

  private release(principal: string): void {
    this.all -= 1;
    const rest = (this.taken.get(principal) ?? 1) - 1;
    // Whoever has none is not remembered.
    if (rest === 0) this.taken.delete(principal);
    else this.taken.set(principal, rest);
  }
}
