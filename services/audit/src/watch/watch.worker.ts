import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@granary/observability';
import type { LogSource } from '../record/log-source';
import type { EventLogStore } from '../store/event-log.store';
import type { Lag } from './health';
import { lagMessages, lagSeconds, marginSeconds } from './lag';
import type { LogMeters } from './metrics';

export interface LogWatchOptions {
  source: LogSource;
  store: EventLogStore;
  meters: LogMeters;
  log: Logger;
  now(): Date;
  everyMs?: number;
}

/** Compares stream and log now and then, in every replica, so that a log nobody writes is seen too. */
export class LogWatch {
  readonly name = 'event-log-watch';
  private readonly stopping = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private seen: Lag | null = null;
  private completeAt: Date | null = null;

  constructor(private readonly options: LogWatchOptions) {}

  /** What was seen last; null before the first look and when the last one failed. */
  lag(): Lag | null {
    return this.seen;
  }

  async start(): Promise<void> {
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.seen = null;
        if (!signal.aborted) this.options.log.warn({ err: error }, 'stream and event log could not be compared');
      }
      await delay(this.options.everyMs ?? 2_000, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const { source, store, meters, now } = this.options;
    const stream = await source.state();
    const tail = await store.tail();
    const messages = lagMessages(tail, stream);
    if (messages === 0) this.completeAt = now();
    const seconds = lagSeconds(messages, this.completeAt, tail?.lastStoredAt ?? null, now());
    this.seen = { messages, seconds };
    meters.position(tail?.epoch ?? 0, tail?.lastSequence ?? 0);
    meters.lag(messages, seconds, marginSeconds(stream.maxAgeMs, seconds));
  }
}
