import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '@granary/contracts';
import { checkEvent } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import type { ConsumeMeters } from './consume-metrics';
import type { Deliverer, Outcome } from './deliver.worker';
import { laneKey } from './envelope';
import type { Lanes } from './lanes';
import type { GroupId, LogPlace, ReplayBatch, ReplayFailure, ReplaySource } from './ports';
import { oneAtATime } from './one-at-a-time';
import { moves, Progress } from './replay-progress';
import { Waker } from './waker';

export interface ReplayerOptions {
  id: GroupId;
  /** Into how many partition groups the consumer is cut. */
  groups: number;
  source: ReplaySource;
  lanes: Lanes;
  deliverer: Deliverer;
  /** Set while the owner before is suspected to have been ended by what it had taken; forgotten once that was told. */
  suspicion: { crashed: boolean };
  log: Logger;
  meters: ConsumeMeters;
  /** How long it takes at most to find out without being told that there is something to replay. */
  pollMs: number;
  reportMs: number;
  /** Aborted when the partition group is about to be given away. */
  leaving: AbortSignal;
}

/** What was taken, and how far it is. */
interface UnderWay {
  batch: ReplayBatch;
  progress: Progress;
  /** Aborted when nothing more of it may begin: the job no longer runs, or the partition group is given away. */
  halt: AbortController;
  /** Tells how far it is, unless that is being told. */
  report: () => Promise<void>;
}

type Entry = ReplayBatch['entries'][number];

/**
 * Brings events of the log to the handlers of one partition group, under its lease and through its lanes, behind whatever
 * is live there. Events of one key come one after the other in the order of the log; a key is never at work twice, because
 * it has one lane. Nothing of it is kept here: what was taken and not reported is taken again, and the inbox drops what was
 * done.
 */
export class Replayer {
  private readonly waker = new Waker();
  /** What is waited for, to be left at once. */
  private readonly leaves = new Set<() => void>();
  private underWay: UnderWay | null = null;
  private unreachable = false;

  constructor(private readonly options: ReplayerOptions) {}

  /** Resolves when the partition group is given away and what of the replay was at work has ended. */
  async run(): Promise<void> {
    const { leaving, source, id } = this.options;
    const leave = () => {
      this.waker.wake();
      this.underWay?.halt.abort();
      for (const end of this.leaves) end();
    };
    leaving.addEventListener('abort', leave, { once: true });
    const forget = source.onDue(id.consumer, () => {
      this.waker.wake();
      void this.underWay?.report();
    });
    try {
      while (!leaving.aborted) await this.once();
    } finally {
      forget();
      leaving.removeEventListener('abort', leave);
    }
  }

  /** Takes what is next and works through it, or waits until it is worth asking again. */
  private async once(): Promise<void> {
    const { source, id, groups, suspicion, log, pollMs, leaving } = this.options;
    let pauseMs = pollMs;
    try {
      const taken = await this.unlessLeft(source.take({ ...id, groups, crashed: suspicion.crashed }));
      if (taken === 'left') return;
      suspicion.crashed = false;
      this.unreachable = false;
      if (taken.batch) return await this.work(taken.batch);
      pauseMs = Math.min(taken.retryAfterMs ?? pollMs, pollMs);
    } catch (error) {
      if (!this.unreachable) log.warn({ err: error, ...id }, 'it cannot be asked whether there is something to replay; it is asked again and again');
      this.unreachable = true;
    }
    if (!leaving.aborted && pauseMs > 0) await this.waker.sleep(pauseMs);
  }

  private async work(batch: ReplayBatch): Promise<void> {
    const { leaving, reportMs } = this.options;
    const progress = new Progress(batch);
    const halt = new AbortController();
    // Every lane may wait for it.
    setMaxListeners(0, halt.signal);
    const underWay: UnderWay = { batch, progress, halt, report: oneAtATime(async () => void (await this.report(underWay))) };
    if (leaving.aborted) return;
    this.underWay = underWay;
    const timer = setInterval(() => void underWay.report(), reportMs);
    try {
      await Promise.all([...byLane(batch.entries)].map(([lane, entries]) => this.workLane(underWay, lane, entries)));
    } finally {
      clearInterval(timer);
      this.underWay = null;
    }
    await underWay.report();
    while (moves(progress.next()) && (await this.report(underWay)));
  }

  private async workLane(underWay: UnderWay, lane: string, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      const outcome = await this.settle(underWay, lane, entry);
      if (outcome === 'left') return;
      underWay.progress.settle(entry.position, outcome);
    }
  }

  /** Tries an event until it is through or has failed for good. Between two attempts its lane is free. */
  private async settle(underWay: UnderWay, lane: string, { position, event }: Entry): Promise<ReplayFailure | 'handled' | 'left'> {
    const { meters } = this.options;
    const checked = checkEvent(event, 'tolerant');
    if (!checked.ok) {
      meters.replayed('unreadable', 'failed');
      return failureOf(position, event, { attempts: 0, code: 'unreadable', message: checked.problems.join('; ') });
    }
    for (let attempt = 1; ; ) {
      const outcome = await this.inLane(underWay, lane, { position, event: checked.event }, attempt);
      if (outcome.state === 'left') return 'left';
      if (outcome.state === 'done') {
        meters.replayed(event.type, 'done');
        return 'handled';
      }
      if (outcome.state === 'dead') {
        meters.replayed(event.type, 'failed');
        return failureOf(position, event, outcome);
      }
      await delay(outcome.delayMs, undefined, { signal: underWay.halt.signal }).catch(() => undefined);
      attempt = outcome.attempts + 1;
    }
  }

  /** Where it is halted before it has begun, it does not begin. */
  private inLane({ batch, halt }: UnderWay, lane: string, { position, event }: Entry, attempt: number): Promise<Outcome> {
    const { lanes, deliverer } = this.options;
    return new Promise((resolve, reject) => {
      const left = () => resolve({ state: 'left' });
      if (halt.signal.aborted) return left();
      halt.signal.addEventListener('abort', left, { once: true });
      lanes.offer(lane, async () => {
        halt.signal.removeEventListener('abort', left);
        if (!halt.signal.aborted) await deliverer.replay(event, position.sequence, batch.jobId, attempt).then(resolve, reject);
      });
    });
  }

  /** False when it could not be made: what is not told is taken again. */
  private async report({ batch, progress, halt }: UnderWay): Promise<boolean> {
    const { source, id, log } = this.options;
    const told = progress.next();
    try {
      if ((await source.report({ ...id, jobId: batch.jobId, ...told })) === 'stopped') halt.abort();
      progress.heard(told);
      return true;
    } catch (error) {
      log.warn({ err: error, ...id, jobId: batch.jobId }, 'how far a replay is could not be told; what was done is known where it was done');
      return false;
    }
  }

  private unlessLeft<T>(work: Promise<T>): Promise<T | 'left'> {
    return new Promise((resolve, reject) => {
      const left = () => resolve('left');
      this.leaves.add(left);
      work.then(resolve, reject).finally(() => this.leaves.delete(left));
      if (this.options.leaving.aborted) left();
    });
  }
}

function byLane(entries: readonly Entry[]): Map<string, Entry[]> {
  const lanes = new Map<string, Entry[]>();
  for (const entry of entries) {
    const lane = laneKey(entry.event.tenantid, entry.event.partitionkey);
    const known = lanes.get(lane);
    if (known) known.push(entry);
    else lanes.set(lane, [entry]);
  }
  return lanes;
}

const LONGEST = 1_024;

function failureOf(position: LogPlace, event: Envelope, { attempts, code, message }: { attempts: number; code: string; message: string }): ReplayFailure {
  return { position, tenant: event.tenantid, key: event.partitionkey, eventId: event.id, eventType: event.type, attempts, code, message: message.replaceAll('\u0000', '\uFFFD').slice(0, LONGEST) };
}
