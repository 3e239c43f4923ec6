import { canonicalJson } from '../normalize/canonical';
import type { Change } from './compare';

/** How differences become known: one event each, or all of them as one artifact. */
export type Publication =
  | { as: 'events'; changes: readonly Change[] }
  | { as: 'artifact'; count: number; bytes: Uint8Array };

export const CHANGES_MEDIA_TYPE = 'application/vnd.granary.changes+json;version=1';

/** More differences than this are not announced one by one. */
export const MAX_CHANGES = 1_000;

// The contracts end lists at 1,000 entries and events at 64 KiB; below that there is room for everything but the lists.
const MAX_LISTED = 1_000;
const MAX_BYTES = 60 * 1_024;

/** Decides how differences are published: a difference that does not fit into an event makes an artifact of all. */
export function publicationOf(changes: readonly Change[], between: { from: string; to: string }): Publication {
  if (changes.length <= MAX_CHANGES && changes.every(fits)) return { as: 'events', changes };
  const bytes = Buffer.from(canonicalJson({ version: 1, ...between, changes }));
  return { as: 'artifact', count: changes.length, bytes };
}

function fits({ data }: Change): boolean {
  const lists = Object.values(data).filter((value) => Array.isArray(value));
  return lists.every((list) => list.length <= MAX_LISTED) && Buffer.byteLength(JSON.stringify(data)) <= MAX_BYTES;
}
