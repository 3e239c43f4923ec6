/** A committed announcement: the `n`-th of its key. */
export interface Announced {
  eventId: string;
  key: string;
  n: number;
}

/** An applied effect, in the order in which effects were applied. */
export type Applied = Announced;

export interface Verdict {
  announced: number;
  applied: number;
  missing: string[];
  twice: string[];
  unknown: string[];
  outOfOrder: string[];
}

/** Compares what was committed with what was applied: nothing missing, nothing twice, nothing invented, order per key kept. */
export function judge(announced: readonly Announced[], applied: readonly Applied[]): Verdict {
  const expected = new Set(announced.map(({ eventId }) => eventId));
  const seen = new Set<string>();
  const last = new Map<string, number>();
  const verdict: Verdict = { announced: announced.length, applied: applied.length, missing: [], twice: [], unknown: [], outOfOrder: [] };
  for (const { eventId, key, n } of applied) {
    if (seen.has(eventId)) verdict.twice.push(eventId);
    if (!expected.has(eventId)) verdict.unknown.push(eventId);
    if (n <= (last.get(key) ?? 0)) verdict.outOfOrder.push(`${key}: ${n} after ${last.get(key)}`);
    seen.add(eventId);
    last.set(key, n);
  }
  verdict.missing = [...expected].filter((eventId) => !seen.has(eventId));
  return verdict;
}

export function isSound({ missing, twice, unknown, outOfOrder }: Verdict): boolean {
  return [missing, twice, unknown, outOfOrder].every((faults) => faults.length === 0);
}
