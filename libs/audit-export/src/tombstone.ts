import { Fault } from '@granary/faults';
import { manifestText, readManifest, type DayManifest } from './manifest';

/** What stays of a day whose files were removed: all that its manifest said, and by which rule it went. */
export interface Tombstone {
  readonly format: typeof TOMBSTONE_FORMAT;
  readonly droppedAt: string;
  /** How long days are kept, in milliseconds. */
  readonly keptForMs: number;
  readonly manifest: DayManifest;
}

export const TOMBSTONE_FORMAT = 'granary-audit-tombstone/1';

export function tombstoneText({ droppedAt, keptForMs, manifest }: Omit<Tombstone, 'format'>): string {
  return `${JSON.stringify({ format: TOMBSTONE_FORMAT, droppedAt, keptForMs, manifest: JSON.parse(manifestText(manifest)) as unknown }, null, 2)}\n`;
}

/** Faults: permanent `tombstone-malformed`, `manifest-malformed`. */
export function readTombstone(text: string): Tombstone {
  const { format, droppedAt, keptForMs, manifest } = parse(text);
  if (format !== TOMBSTONE_FORMAT || typeof droppedAt !== 'string' || Number.isNaN(Date.parse(droppedAt)) || typeof keptForMs !== 'number') throw malformed('it does not say when and why the day went');
  const read = readManifest(`${JSON.stringify(manifest, null, 2)}\n`);
  const tombstone = { format: TOMBSTONE_FORMAT, droppedAt, keptForMs, manifest: read } as const;
  if (tombstoneText(tombstone) !== text) throw malformed('it has other members, or is written otherwise');
  return tombstone;
}

function parse(text: string): Partial<Record<keyof Tombstone, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Record<keyof Tombstone, unknown>>;
  } catch {
    throw malformed('it is no JSON object');
  }
}

function malformed(why: string): Fault {
  return Fault.permanent('tombstone-malformed', `this is no tombstone of a day: ${why}`);
}
