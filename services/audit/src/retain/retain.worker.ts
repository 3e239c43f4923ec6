import { readFile } from 'node:fs/promises';
import { daysToDrop, layout, removeForGood, tombstoneText, writeAtomically } from '@granary/audit-export';
import type { Logger } from '@granary/observability';
import type { ExportedDay, ExportStore } from '../store/export.store';

export interface RetainDeps {
  readonly root: string;
  readonly keepMs: number;
  /** Whether days have to lie in object storage before they may go. */
  readonly uploads: boolean;
  readonly store: ExportStore;
  readonly log: Logger;
  now(): Date;
  newId(): string;
  /** Told of each day that goes. */
  dropped(): void;
}

/**
 * Lets days go that are older than the log is kept. First their tombstone is on disk, then the database says that they are
 * gone, then rows, hashes and files go; whatever interrupts that, the next round goes on where it ended.
 */
export async function retain(deps: RetainDeps, signal: AbortSignal): Promise<void> {
  const { store, keepMs, uploads, log, now, newId } = deps;
  const kept = await store.keptDays();
  const names = daysToDrop(kept.map(({ day, uploaded, followed, read }) => ({ day, safe: read && (uploaded || !uploads), followed })), now(), keepMs);
  for (const day of kept.filter((one) => names.includes(one.day))) {
    signal.throwIfAborted();
    await keepTombstone(deps, day);
    await store.dropDay(day, keepMs, newId());
    deps.dropped();
    log.info({ day: day.day, leaves: day.manifest.leaves, keptForMs: keepMs }, 'a day of the event log is older than the log is kept, and goes');
  }
  const dropped = await store.droppedDays();
  if (dropped.length === 0) return;
  const removed = await store.removeRetired(signal);
  if (removed > 0) log.info({ rows: removed }, 'rows of the event log were removed');
  for (const day of dropped) await removeFiles(deps, day);
}

async function keepTombstone({ root, keepMs, now }: RetainDeps, { day, manifest }: ExportedDay): Promise<void> {
  await writeAtomically(layout.tombstone(root, day), tombstoneText({ droppedAt: now().toISOString(), keptForMs: keepMs, manifest }));
}

/** Not before its tombstone lies there: another process may have dropped the day into a folder of its own. */
async function removeFiles(deps: RetainDeps, day: ExportedDay): Promise<void> {
  const { root } = deps;
  const folder = layout.day(root, day.day);
  const isThere = await readFile(layout.manifest(root, day.day)).then(() => true, () => false);
  if (!isThere) return;
  const hasTombstone = await readFile(layout.tombstone(root, day.day)).then(() => true, () => false);
  if (!hasTombstone) await keepTombstone(deps, day);
  // The manifest goes first: what is left without it is a folder of its own kind, and no day that lost files.
  await removeForGood(layout.manifest(root, day.day));
  await removeForGood(folder);
}
