import { Fault } from '@granary/faults';

/** An event as the log keeps it. */
export interface EventLeaf {
  epoch: number;
  sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  storedAt: string;
  tenant: string;
  type: string;
  key: string;
  eventId: string;
  /** The message as it came. */
  body: string;
}

/** Sequences that the stream lost before they could be logged; the leaf stands before the event behind them. */
export interface HoleLeaf {
  epoch: number;
  /** Both included. */
  hole: { first: number; last: number };
}

export type Leaf = EventLeaf | HoleLeaf;

/** The one line whose UTF-8 is the leaf: members in this order, written as `JSON.stringify` writes them. */
export function leafLine(leaf: Leaf): string {
  if ('hole' in leaf) return JSON.stringify({ epoch: leaf.epoch, hole: { first: leaf.hole.first, last: leaf.hole.last } });
  const { epoch, sequence, storedAt, tenant, type, key, eventId, body } = leaf;
  return JSON.stringify({ epoch, sequence, storedAt, tenant, type, key, eventId, body });
}

/**
 * Reads a line, without its line break, that somebody else has written: exactly as `leafLine` writes it, so that one
 * leaf has one text.
 * Faults: `leaf-malformed`.
 */
export function readLeaf(line: string): Leaf {
  const value = parse(line);
  const leaf = isEvent(value) || isHole(value) ? value : null;
  if (leaf === null) throw malformed('it is neither an event nor a hole, or members are missing or of another kind');
  if (leafLine(leaf) !== line) throw malformed('it has other members, or is written otherwise');
  return leaf;
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told like everything else that it is not.
  }
  throw malformed('it is no JSON object');
}

const TEXTS = ['tenant', 'type', 'key', 'eventId', 'body'] as const;

function isEvent(value: object): value is EventLeaf {
  const { epoch, sequence, storedAt, ...texts } = value as Record<string, unknown>;
  return isPlace(epoch) && isPlace(sequence) && isTime(storedAt) && TEXTS.every((name) => typeof texts[name] === 'string');
}

function isHole(value: object): value is HoleLeaf {
  const { epoch, hole } = value as { epoch?: unknown; hole?: { first?: unknown; last?: unknown } | null };
  return isPlace(epoch) && typeof hole === 'object' && hole !== null && isPlace(hole.first) && isPlace(hole.last) && hole.first <= hole.last;
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is string {
  const time = typeof value === 'string' ? new Date(value) : null;
  return time !== null && !Number.isNaN(time.getTime()) && time.toISOString() === value;
}

function malformed(why: string): Fault {
  return Fault.permanent('leaf-malformed', `this line is no record of the event log: ${why}`);
}
