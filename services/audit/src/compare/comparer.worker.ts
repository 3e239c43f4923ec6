import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@granary/observability';
import { hashOfRange, type LeafRange } from '@granary/transparency';
import { leafOf } from '../prove/log-tree';
import type { LogSource } from '../record/log-source';
import type { Range } from '../record/position';
import { logRow, type LogRow } from '../record/row';
import { comparisonStore, type ComparisonState } from '../store/comparison.store';
import type { EventLogStore } from '../store/event-log.store';
import type { TreeStore } from '../store/tree.store';
import type { ComparisonMeters } from '../watch/comparison-metrics';
import { compare, isWrong, type Difference } from './compare';

export interface ComparerOptions {
  source: LogSource;
  store: Pick<EventLogStore, 'tail'>;
  tree: TreeStore;
  meters: ComparisonMeters;
  log: Logger;
  /** Events that are compared in a second at most. */
  perSecond: number;
  /** How often a log is looked at that was compared to its end. */
  everyMs?: number;
}

export interface Comparer {
  /** How far the comparison is, as far as this process looks after it; null in every other one. */
  state(): ComparisonState | null;
  /** Compares until the signal is aborted. For one process at a time, that which writes the log. Never fails. */
  compare(signal: AbortSignal): Promise<void>;
}

/** Events that are read at once. */
const PAGE = 250;
/** Differences of one page that are told one by one. */
const MOST_TOLD = 10;

/** Lays the log beside the stream, a page at a time, as long as the stream still has what was logged. */
export function createComparer(options: ComparerOptions): Comparer {
  const { tree, meters, log, perSecond, everyMs = 1_000 } = options;
  const { query } = tree;
  let known: ComparisonState | null = null;

  const step = async (signal: AbortSignal): Promise<'more' | 'done'> => {
    const before = (known ??= await comparisonStore.state(query));
    const next = await nextRange(options, before);
    if (next === null) return 'done';
    const { epoch, range } = next;
    const page = await comparePage(options, epoch, range);
    // What both sides say at the same moment may still cross: once more, a little later.
    const differences = page.differences.some(isWrong) ? await again(options, epoch, range, everyMs, signal) : page.differences;
    const [wrong] = differences.filter(isWrong);
    if (signal.aborted) return 'done';
    tell(epoch, differences);
    const first = before.wrong ?? (wrong === undefined ? null : { epoch, sequence: wrong.sequence });
    const end = { epoch, sequence: range.last };
    await comparisonStore.save(query, end, page.storedAt, first);
    known = { upTo: { ...end, storedAt: page.storedAt === null ? (before.upTo?.storedAt ?? null) : new Date(page.storedAt) }, wrong: first };
    meters.compared(known, range.last - range.first + 1);
    return 'more';
  };

  const tell = (epoch: number, differences: readonly Difference[]): void => {
    for (const { kind } of differences) meters.differs(kind);
    for (const { sequence, kind } of differences.slice(0, MOST_TOLD)) log[kind === 'gone' ? 'warn' : 'error']({ epoch, sequence, kind, more: Math.max(0, differences.length - MOST_TOLD) }, 'event log and stream differ');
  };

  /** A difference may have been mended, or the stream may have nothing to compare with any more. */
  const lookAgain = async (): Promise<void> => {
    const wrong = known?.wrong;
    if (!known?.upTo || !wrong) return;
    const stream = await options.source.state();
    const tail = await options.store.tail();
    const isOver = tail?.epoch !== wrong.epoch || tail.streamCreated !== stream.created || stream.firstSequence > wrong.sequence;
    const { differences } = isOver ? { differences: [] } : await comparePage(options, wrong.epoch, { first: wrong.sequence, last: Math.min(wrong.sequence + PAGE - 1, known.upTo.sequence) });
    const still = differences.find(isWrong);
    if (still?.sequence === wrong.sequence) return;
    const next = still === undefined ? null : { epoch: wrong.epoch, sequence: still.sequence };
    log.warn({ ...wrong, isOver }, 'a difference between event log and stream is gone');
    await comparisonStore.save(query, known.upTo, null, next);
    known = { ...known, wrong: next };
    meters.compared(known, 0);
  };

  return {
    state: () => known,
    async compare(signal) {
      while (!signal.aborted) {
        const begun = performance.now();
        const outcome = await step(signal).catch((error: unknown) => {
          if (!signal.aborted) log.warn({ err: error }, 'event log and stream could not be compared; it is tried again');
          return 'done' as const;
        });
        if (outcome === 'done') await lookAgain().catch(() => undefined);
        const pause = outcome === 'more' ? (PAGE / perSecond) * 1_000 - (performance.now() - begun) : everyMs;
        await delay(Math.max(1, pause), undefined, { signal }).catch(() => undefined);
      }
      known = null;
    },
  };
}

/** What to compare next: behind what was compared, as far as stream and log have it; null when there is nothing. */
async function nextRange({ source, store, tree }: ComparerOptions, { upTo }: ComparisonState): Promise<{ epoch: number; range: Range } | null> {
  const stream = await source.state();
  const tail = await store.tail();
  if (tail === null || tail.lastSequence === null || tail.streamCreated !== stream.created) return null;
  const begin = upTo?.epoch === tail.epoch ? upTo.sequence + 1 : await comparisonStore.firstSequence(tree.query, tail.epoch);
  if (begin === null) return null;
  const first = Math.max(begin, stream.firstSequence);
  const last = Math.min(first + PAGE - 1, tail.lastSequence, stream.lastSequence);
  return first > last ? null : { epoch: tail.epoch, range: { first, last } };
}

interface Page {
  differences: Difference[];
  /** When the last event of it was stored. */
  storedAt: string | null;
}

async function comparePage({ source, tree }: ComparerOptions, epoch: number, range: Range): Promise<Page> {
  const stream = await readRange(source, range);
  const [log, holes] = await Promise.all([comparisonStore.rows(tree.query, epoch, range), comparisonStore.holes(tree.query, epoch, range)]);
  const leaves = await leavesOf(tree, epoch, log.map(({ sequence }) => sequence), holes);
  const isLeaf = (row: LogRow) => leaves(row.sequence)?.equals(leafOf(epoch, row)) === true;
  const expired = (await source.state()).firstSequence;
  const differences = compare({ range, stream, log, holes, isLeaf }).filter(({ sequence }) => sequence >= expired);
  return { differences, storedAt: log.at(-1)?.storedAt ?? null };
}

/** An answer ends early when it is large: then the rest is asked for. */
async function readRange(source: LogSource, { first, last }: Range): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for (let next = first; next <= last; next = (rows.at(-1)?.sequence ?? last) + 1) {
    const found = (await source.stored(next, last - next + 1)).filter(({ sequence }) => sequence <= last);
    if (found.length === 0) break;
    rows.push(...found.map(logRow));
  }
  return rows;
}

async function again(options: ComparerOptions, epoch: number, range: Range, afterMs: number, signal: AbortSignal): Promise<Difference[]> {
  await delay(afterMs, undefined, { signal }).catch(() => undefined);
  return (await comparePage(options, epoch, range)).differences;
}

/** The hashes in the tree of these rows. */
async function leavesOf(tree: TreeStore, epoch: number, sequences: readonly number[], holes: readonly Range[]): Promise<(sequence: number) => Buffer | null> {
  const first = sequences[0];
  const start = first === undefined ? null : await tree.leafIndex({ epoch, sequence: first });
  if (first === undefined || start === null) return () => null;
  // A hole is one leaf, before the row behind it.
  const behind = holes.filter((hole) => hole.first > first);
  const indexes = new Map(sequences.map((sequence, at) => [sequence, start + at + behind.filter((hole) => hole.last < sequence).length]));
  const nodes: LeafRange[] = [...indexes.values()].map((index) => ({ start: index, end: index + 1 }));
  const read = await tree.nodes(nodes);
  return (sequence) => {
    const index = indexes.get(sequence);
    return index === undefined ? null : hashOfRange({ start: index, end: index + 1 }, read);
  };
}
