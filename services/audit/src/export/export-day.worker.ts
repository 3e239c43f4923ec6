import { Fault, isFault } from '@granary/faults';
import { daysLater, manifestDigest, openDay, startOf, type Day, type DayManifest, type DayWriter } from '@granary/audit-export';
import { consistencyRanges, hashOfRange, leafHash, proofOf, rootOf, type ReadTile } from '@granary/transparency';
import type { Position } from '../record/position';
import type { ExportedDay, ExportStore, SignedTree } from '../store/export.store';
import type { TreeStore } from '../store/tree.store';
import { holesByEnd, linesOf } from './leaves';

export interface ExportDayDeps {
  readonly root: string;
  readonly partBytes: number;
  readonly store: ExportStore;
  readonly tree: TreeStore;
  newId(): string;
}

const START: Position = { epoch: 0, sequence: 0 };
const PAGE = 2_000;

/**
 * Writes a day into its folder, unless it is too early for it: events of a later day have to be logged, and a checkpoint
 * signed after the day has to cover it. Null then.
 * @param before the day before; null for the first one
 * Faults: permanent `log-altered` when the rows are not those that the tree was made of; `export-differs`.
 */
export async function exportDay(deps: ExportDayDeps, day: Day, before: ExportedDay | null, signal: AbortSignal): Promise<DayManifest | null> {
  const { store, tree, root, partBytes } = deps;
  const midnight = startOf(daysLater(day, 1));
  const start = before?.end ?? START;
  if (!(await store.hasLater(start, midnight))) return null;

  const { origin } = await tree.state();
  const firstLeaf = before === null ? 0 : before.manifest.firstLeaf + before.manifest.leaves;
  const writer = await openDay({ root, origin, day, firstLeaf, frontier: before?.frontier ?? [], partBytes });
  try {
    const end = await writeRows(store, writer, start, midnight, signal);
    const { size, frontier } = writer.tree();
    const after = await store.checkpointOver(size, midnight);
    if (after === null) {
      await writer.abandon();
      return null;
    }
    await compareWithTree(deps, { day, start, midnight, firstLeaf }, writer);
    const manifest = await writer.finish({
      last: end.epoch === 0 ? null : end,
      previous: before && manifestDigest(before.manifest),
      before: (await store.checkpointBefore(firstLeaf, startOf(day)))?.note ?? null,
      after: { checkpoint: after.note, proof: await proofTo(tree, size, after) },
    });
    await store.saveDay(manifest, end, frontier, after.size, deps.newId());
    return manifest;
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Every event up to the first that was stored at midnight or later. The next page is read while one is written. */
async function writeRows(store: ExportStore, writer: DayWriter, start: Position, midnight: Date, signal: AbortSignal): Promise<Position> {
  let end = start;
  let next = store.page(start, PAGE);
  for (;;) {
    const { events, holes } = await next;
    signal.throwIfAborted();
    const last = events.at(-1);
    if (last === undefined) return end;
    next = store.page(last, PAGE);
    // Whoever waits for it hears of a failure; a day that ends before does not need it.
    next.catch(() => undefined);
    const lost = holesByEnd(holes);
    for (const event of events) {
      if (event.storedAt >= midnight.toISOString()) return end;
      for (const { text, type } of linesOf(event, lost)) {
        const behind = writer.add(text, type);
        if (behind !== undefined) await behind;
      }
      end = { epoch: event.epoch, sequence: event.sequence };
    }
  }
}

interface DayRows {
  readonly day: Day;
  /** In front of its first row. */
  readonly start: Position;
  readonly firstLeaf: number;
  readonly midnight: Date;
}

/** What was exported has to be what was hashed when it was logged. */
async function compareWithTree(deps: ExportDayDeps, rows: DayRows, writer: DayWriter): Promise<void> {
  const { size, root } = writer.tree();
  if (rootOf(await deps.tree.edge(size)).equals(root)) return;
  throw Fault.permanent(
    'log-altered',
    `the rows of the event log up to the end of ${rows.day} are not those that were put into its tree: ${await firstAltered(deps, rows)}; rows or hashes were changed in the database. Nothing is exported from there on; compare with an earlier export or backup, and restore the schema of audit`,
  );
}

/** Says which row is the first that is not the leaf in its place. A row that is missing shows by the one behind it. */
async function firstAltered({ store, tree }: ExportDayDeps, { day, start, firstLeaf, midnight }: DayRows): Promise<string> {
  let leaf = firstLeaf;
  for (let after: Position | undefined = start; after !== undefined; ) {
    const { events, holes } = await store.page(after, PAGE);
    const lost = holesByEnd(holes);
    const lines = events.filter(({ storedAt }) => storedAt < midnight.toISOString()).flatMap((event) => linesOf(event, lost).map(({ text }) => ({ event, hash: leafHash(text) })));
    const read = await tree.nodes(lines.map((_, at) => ({ start: leaf + at, end: leaf + at + 1 })));
    const at = lines.findIndex(({ hash }, place) => leafIn(read, leaf + place)?.equals(hash) !== true);
    const wrong = lines[at]?.event;
    if (wrong !== undefined) return `the first is leaf ${leaf + at}, in whose place epoch ${wrong.epoch}, sequence ${wrong.sequence} stands now (event ${wrong.eventId})`;
    leaf += lines.length;
    after = lines.length === 0 ? undefined : events.at(-1);
  }
  return `each row of ${day} itself is, so what was changed lies before it`;
}

/** Null when the tree does not go so far, or has lost it. */
function leafIn(read: ReadTile, index: number): Buffer | null {
  try {
    return hashOfRange({ start: index, end: index + 1 }, read);
  } catch (error) {
    if (isFault(error) && error.code === 'tile-missing') return null;
    throw error;
  }
}

async function proofTo(tree: TreeStore, size: number, after: SignedTree): Promise<string[]> {
  const ranges = consistencyRanges(size, after.size);
  return proofOf(ranges, await tree.nodes(ranges)).map((hash) => hash.toString('base64'));
}
