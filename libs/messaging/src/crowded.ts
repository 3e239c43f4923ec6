/** What waits in a lane behind the event that is at work. */
export interface LaneLoad {
  lane: string;
  waiting: number;
  /** Since when the first of them waits. */
  since: number;
}

export interface WindowLoad {
  /** Deliveries that are not settled yet, and how many may be. */
  inFlight: number;
  window: number;
  /** Lanes that may be at work side by side. */
  width: number;
  now: number;
}

/** A lane that moves on faster than this is left alone: its events are through sooner than they are written down. */
const PATIENCE_MS = 1_000;

/**
 * Decides which keys to put aside, longest lane first. Nothing as long as there is room for others: the window is three
 * quarters full. Then the lanes with more events than their share of the window, whose first one waits too long. With
 * every lane at its share or below, a full window means that all lanes are at work, and nobody is kept out by a key.
 */
export function crowdedLanes(lanes: readonly LaneLoad[], { inFlight, window, width, now }: WindowLoad): string[] {
  const limit = (window * 3) / 4;
  if (inFlight < limit) return [];
  const share = Math.ceil(window / width);
  const crowded = lanes.filter(({ waiting, since }) => waiting > share && now - since > PATIENCE_MS).sort((a, b) => b.waiting - a.waiting);
  let left = inFlight;
  return crowded
    .filter(({ waiting }) => {
      const tooFull = left >= limit;
      if (tooFull) left -= waiting;
      return tooFull;
    })
    .map(({ lane }) => lane);
}
