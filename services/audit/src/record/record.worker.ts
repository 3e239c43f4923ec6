import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import type { Lease } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { EventLogStore, WriteSession } from '../store/event-log.store';
import type { LogMeters } from '../watch/metrics';
import { arrange, type Arranged } from './arrange';
import { NO_CLOCK, readClock, type Clock } from './clock';
import { decideEpoch, type EpochDecision } from './epoch';
import { judgeGap, type Suspicion } from './hole';
import type { LogReader, StoredMessage, StreamState } from './log-source';
import { partitionsToCreate, type Partition } from './partition';
import type { Position, Range } from './position';
import { behindLogged, conflictFault, findConflict } from './repeats';
import { leafRow, type LeafRow } from '../prove/log-tree';
import { logRow, MALFORMED, type LogRow } from './row';

export interface RecordDeps {
  lease: Lease;
  reader: LogReader;
  state(): Promise<StreamState>;
  store: EventLogStore;
  session: WriteSession;
  meters: LogMeters;
  log: Logger;
  newId(): string;
  partitionSize: number;
  leaseTtlMs: number;
  closedEpoch: number | null;
  /** Told after each write how far the log is by then. */
  grown(end: Position): void;
}

/** Empty answers in a row after which a consumer that should have more is set back. */
const STALLED = 4;
/** Messages that become rows in one go: about a millisecond. */
const SLICE = 100;

/** Where the writer stands in the epoch it writes. */
interface Place {
  epoch: number;
  streamCreated: string;
  /** Next sequence of the log; null when the first delivery decides. */
  expected: number | null;
  /** The epoch before, as long as what comes may be logged there already: a restored stream begins with old events. */
  overlaps: number | null;
  partitions: Partition[];
  clock: Clock;
}

/**
 * Writes the stream into the log until the signal is aborted, or until the stream turns out to be another one: then it
 * returns and is to be called anew. The caller holds the lease. Faults: `log-conflict`, `lease-lost`, and whatever the
 * broker and the database throw.
 */
export async function record(deps: RecordDeps, signal: AbortSignal): Promise<void> {
  const place = await open(deps);
  const source = readAhead(deps, place.epoch);
  // From the first unacknowledged event on: what is logged already is compared, so that a stream which was replaced shows.
  await source.rewind();
  let suspicion: Suspicion | null = null;
  let missing: Range[] = [];
  let silence = 0;
  const acknowledge = acknowledger(deps.reader);

  while (!signal.aborted) {
    const batch = await unlessAborted(source.next(), signal);
    if (batch === 'aborted' || batch.stream.created !== place.streamCreated) return;
    const { rows, stream } = batch;
    silence = rows.length === 0 ? silence + 1 : 0;
    // The stream has more and the consumer does not give it: somebody else's late acknowledgement may have moved it on.
    if (silence >= STALLED && place.expected !== null && stream.lastSequence >= place.expected) {
      silence = 0;
      await source.rewind(place.expected);
    }
    if (rows.length === 0) continue;

    const arranged = arrange(place.expected, rows, missing);
    await compareRepeats(deps, place, arranged.repeats);
    await write(deps, place, arranged);
    if (arranged.gap === null) {
      await acknowledge((rows.at(-1) as LogRow).sequence);
      suspicion = null;
      continue;
    }

    const verdict = judgeGap(arranged.gap, stream, suspicion, deps.leaseTtlMs);
    if (verdict.state === 'missing') {
      missing = [verdict.range];
    } else {
      suspicion = verdict.suspicion;
      deps.log.warn({ ...arranged.gap, met: suspicion.met }, 'events are absent from the stream; reading again from the first of them');
      await delay(verdict.pauseMs, undefined, { signal }).catch(() => undefined);
    }
    await source.rewind(arranged.gap.first);
  }
}

interface Batch {
  rows: LeafRow[];
  /** As it was after the rows were read: a stream that is the same then was the same before. */
  stream: StreamState;
}

/** Reads the next batch and makes rows of it while the one before is being written. */
function readAhead({ reader, state }: Pick<RecordDeps, 'reader' | 'state'>, epoch: number) {
  const read = (): Promise<Batch> => {
    const batch = reader.next().then(async (messages) => {
      const [rows, stream] = await Promise.all([rowsOf(messages, epoch), state()]);
      return { rows, stream };
    });
    // Whoever asks for the batch hears of it; one that is never asked for must not end the process.
    batch.catch(() => undefined);
    return batch;
  };
  let ahead: Promise<Batch> | null = null;
  return {
    async next(): Promise<Batch> {
      const batch = await (ahead ?? read());
      ahead = read();
      return batch;
    },
    /** Forgets what was read ahead. */
    async rewind(sequence?: number): Promise<void> {
      await ahead?.catch(() => undefined);
      ahead = null;
      await reader.rewind(sequence);
    },
  };
}

/** Makes rows a few at a time: in between, what the database answers to the write under way is heard at once. */
async function rowsOf(messages: readonly StoredMessage[], epoch: number): Promise<LeafRow[]> {
  const rows: LeafRow[] = [];
  for (let from = 0; from < messages.length; from += SLICE) {
    rows.push(...messages.slice(from, from + SLICE).map((message) => leafRow(epoch, logRow(message))));
    await breathe();
  }
  return rows;
}

/**
 * Acknowledges without waiting, since the broker's answer queues behind the messages on their way; waits for the one before.
 * One that fails ends the reading a batch later. What it covered comes again then and is compared.
 */
function acknowledger(reader: LogReader): (sequence: number) => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  return async (sequence) => {
    await underWay;
    underWay = reader.ackThrough(sequence);
    underWay.catch(() => undefined);
  };
}

/** Does not wait for the stream's next message when it is time to stop: unacknowledged, it comes again. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve('aborted');
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function open(deps: RecordDeps): Promise<Place> {
  const [tail, stream] = [await deps.store.tail(), await deps.state()];
  const decision = decideEpoch(tail, stream, deps.closedEpoch);
  if (decision.state === 'open') await openEpoch(deps, decision, stream, tail?.lastSequence ?? null);
  const expected = decision.state === 'open' ? decision.firstSequence : decision.expected;
  return {
    epoch: decision.epoch,
    streamCreated: stream.created,
    expected,
    overlaps: expected === null ? decision.previousEpoch : null,
    partitions: await deps.store.partitions(decision.epoch),
    clock: decision.state === 'open' || tail === null ? NO_CLOCK : tail.clock,
  };
}

async function openEpoch(deps: RecordDeps, decision: EpochDecision & { state: 'open' }, stream: StreamState, lastSequence: number | null): Promise<void> {
  const { epoch, reason, previousEpoch, firstSequence } = decision;
  await deps.store.openEpoch(deps.lease, { epoch, reason, previousEpoch, firstSequence, streamCreated: stream.created }, lastSequence, deps.newId());
  deps.log[reason === 'first' ? 'info' : 'warn']({ epoch, reason, previousEpoch, lastSequence, streamCreated: stream.created }, 'event log opened a new epoch');
}

/** What comes again must be what is logged, or was found logged in the epoch before. */
async function compareRepeats(deps: RecordDeps, place: Place, repeats: readonly LogRow[]): Promise<void> {
  if (repeats.length === 0) return;
  const conflict = findConflict(repeats, await deps.session.logged(place.epoch, repeats.map((row) => row.sequence)));
  if (conflict) throw conflictFault(place.epoch, conflict);
}

async function write(deps: RecordDeps, place: Place, { fresh, holes }: Arranged<LeafRow>): Promise<void> {
  const last = fresh.at(-1);
  if (last === undefined) return;
  const rows = await withoutOverlap(deps, place, fresh);
  if (rows.length > 0) {
    await addPartitions(deps, place, rows);
    const clock = readClock(place.clock, rows);
    const observe = deps.meters.timeWrite();
    await deps.session.append(place.epoch, rows, { holes, ...(clock.stepMs > place.clock.stepMs ? { clockStepMs: clock.stepMs } : {}) });
    place.clock = clock;
    observe(rows.length);
    deps.meters.position(place.epoch, last.sequence);
    deps.grown({ epoch: place.epoch, sequence: last.sequence });
    report(deps, place, rows, holes);
  }
  place.expected = last.sequence + 1;
}

async function withoutOverlap(deps: RecordDeps, place: Place, rows: LeafRow[]): Promise<LeafRow[]> {
  if (place.overlaps === null) return rows;
  const logged = await deps.session.logged(place.overlaps, rows.map((row) => row.sequence));
  const rest = behindLogged(rows, logged);
  if (rest.length > 0) place.overlaps = null;
  return rest;
}

async function addPartitions(deps: RecordDeps, place: Place, rows: readonly LogRow[]): Promise<void> {
  const partitions = partitionsToCreate(place.epoch, rows.map((row) => row.sequence), place.partitions, deps.partitionSize);
  if (partitions.length === 0) return;
  await deps.store.addPartitions(deps.lease, partitions);
  place.partitions.push(...partitions);
}

function report(deps: RecordDeps, place: Place, rows: readonly LogRow[], holes: readonly Range[]): void {
  for (const row of rows) {
    if (row.type !== MALFORMED) continue;
    deps.meters.malformed();
    deps.log.error({ epoch: place.epoch, sequence: row.sequence, subject: row.key }, 'message logged raw: it cannot be read as an event');
  }
  for (const hole of holes) {
    deps.meters.hole(hole.last - hole.first + 1);
    deps.log.error({ epoch: place.epoch, ...hole }, 'hole in the event log: the stream lost these events before they were logged');
  }
}
