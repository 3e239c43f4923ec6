import { leafLine, type EventLeaf } from '@granary/transparency';

/** Sequences of an epoch that were lost, both included. */
export interface Hole {
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

/** A leaf as a line of the export. */
export interface Line {
  readonly text: Buffer;
  /** Of the event; null for a hole. */
  readonly type: string | null;
}

/** The lines of an event: itself, and the hole that stands before it. */
export function linesOf(event: EventLeaf, holes: ReadonlyMap<string, Hole>): Line[] {
  const own = { text: Buffer.from(leafLine(event)), type: event.type };
  const hole = holes.get(endBefore(event.epoch, event.sequence));
  return hole === undefined ? [own] : [{ text: Buffer.from(leafLine({ epoch: hole.epoch, hole: { first: hole.first, last: hole.last } })), type: null }, own];
}

/** Holes by where they end. */
export function holesByEnd(holes: readonly Hole[]): Map<string, Hole> {
  return new Map(holes.map((hole) => [endBefore(hole.epoch, hole.last + 1), hole]));
}

/** Names the end of a hole by the event behind it. */
export function endBefore(epoch: number, sequence: number): string {
  return `${epoch}:${sequence - 1}`;
}
