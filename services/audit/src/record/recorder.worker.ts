import { setTimeout as delay } from 'node:timers/promises';
import { isFault } from '@granary/faults';
import type { Lease, Leases } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { EventLogStore } from '../store/event-log.store';
import type { LogMeters } from '../watch/metrics';
import type { LogSource } from './log-source';
import type { Position } from './position';
import type { RecorderState } from './recorder-state';
import { catchUp } from '../prove/catch-up.worker';
import { record } from './record.worker';

export interface RecorderOptions {
  source: LogSource;
  store: EventLogStore;
  leases: Leases;
  meters: LogMeters;
  log: Logger;
  /** Names this process among the replicas; a new one with each start. */
  owner: string;
  newId(): string;
  leaseTtlMs: number;
  partitionSize: number;
  /** An epoch that an operator has declared over. */
  closedEpoch: number | null;
  /** Told after each write how far the log is by then. */
  grown(end: Position): void;
  /** What else the one process does that writes the log, as long as it does. It ends when the signal is aborted, and never fails. */
  meanwhile?(signal: AbortSignal): Promise<void>;
}

/** The log has one writer, so its lease is that of one partition group. */
const WRITER = { consumer: 'audit-log', group: 0 };
const CANDIDACY_MS = 500;
const RETRY_MS = 1_000;
/** How long what goes on beside the writing may take to end. */
const ASIDE_MS = 2_000;

/** The task that writes the event log whenever this process holds the lease. */
export class Recorder {
  readonly name = 'event-log-writer';
  private readonly stopping = new AbortController();
  private current: RecorderState = { state: 'stopped' };
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly options: RecorderOptions) {}

  state(): RecorderState {
    return this.current;
  }

  async start(): Promise<void> {
    this.become({ state: 'standby' });
    this.done = this.run();
  }

  /** Ends the batch in hand and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
    this.become({ state: 'stopped' });
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted && this.current.state !== 'conflict') {
      try {
        const lease = await this.options.leases.acquire(WRITER, this.options.owner, this.options.leaseTtlMs);
        if (lease === null) await this.standBy();
        else await this.writeUnder(lease);
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async standBy(): Promise<void> {
    this.become({ state: 'standby' });
    await this.pause(CANDIDACY_MS);
  }

  private async recover(error: unknown): Promise<void> {
    const why = error instanceof Error ? error.message : String(error);
    if (isFault(error) && error.code === 'log-conflict') {
      this.options.meters.conflict();
      this.options.log.error({ err: error }, 'event log writer stopped: stream and log contradict each other');
      this.become({ state: 'conflict', why });
      return;
    }
    if (this.stopping.signal.aborted) return;
    this.options.log.warn({ err: error }, 'event log writer interrupted; nothing is lost and it tries again');
    this.become({ state: 'interrupted', why });
    await this.pause(RETRY_MS);
  }

  private async writeUnder(lease: Lease): Promise<void> {
    const { options } = this;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, ended.signal]);
    const renewal = this.keepLease(lease, ended);
    let aside: Promise<void> | undefined;
    try {
      const session = await options.store.openSession(lease);
      // Without the lease nothing can be committed any more, and the server may be the reason why it was lost.
      ended.signal.addEventListener('abort', () => void session.close(), { once: true });
      try {
        await catchUp(session, options.log, signal);
        aside = options.meanwhile?.(signal);
        const reader = options.source.reader();
        try {
          options.log.info({ leaseEpoch: lease.epoch }, 'writing the event log');
          this.become({ state: 'writing' });
          await record({ ...options, lease, session, reader, state: () => options.source.state() }, signal);
        } finally {
          await reader.close();
        }
      } finally {
        await session.close();
      }
    } finally {
      const lost = ended.signal.aborted;
      ended.abort();
      // A server that does not answer must not keep the next writer waiting.
      await Promise.all([renewal, Promise.race([aside, delay(ASIDE_MS, undefined, { ref: false })])]);
      if (!lost) await options.leases.release(lease).catch(() => undefined);
    }
  }

  /** Renews the lease well before it runs out; ends the writing when that fails, since another writer may begin. */
  private async keepLease(lease: Lease, ended: AbortController): Promise<void> {
    const { leaseTtlMs, log } = this.options;
    let sure = performance.now();
    while (!ended.signal.aborted) {
      await delay(leaseTtlMs / 4, undefined, { signal: ended.signal }).catch(() => undefined);
      if (ended.signal.aborted) return;
      const asked = performance.now();
      const renewed = await this.renew(lease, sure + leaseTtlMs - asked, ended.signal);
      if (renewed === true) sure = asked;
      if (renewed === false || performance.now() - sure >= leaseTtlMs) {
        log.warn({ leaseEpoch: lease.epoch }, 'lost the lease of the event log');
        ended.abort();
      }
    }
  }

  /** Null without an answer in that time, or when the database could not be asked. */
  private async renew(lease: Lease, withinMs: number, signal: AbortSignal): Promise<boolean | null> {
    const { leases, leaseTtlMs } = this.options;
    const patience = delay(withinMs, null, { signal }).catch(() => null);
    return Promise.race([leases.renew(lease, leaseTtlMs).catch(() => null), patience]);
  }

  private become(state: RecorderState): void {
    this.current = state;
    this.options.meters.state(state.state);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
