import type { Publisher, PublishOutcome, WireEvent } from '@granary/messaging';

/** What became of one event: the stream's outcome, or that nobody had time for it, or that the stream did not answer. */
export type Written = PublishOutcome | { readonly state: 'busy' } | { readonly state: 'unanswered'; readonly error: unknown };

export interface WriterOptions {
  readonly publisher: Publisher;
  /** Events of one window; a window is published together. */
  readonly windowSize?: number;
  /** Events and bytes that may wait; who comes then is told to come back. */
  readonly mostEvents?: number;
  readonly mostBytes?: number;
}

export interface Writer {
  /** Resolves once the stream has the event, or has not. Never rejects. */
  write(event: WireEvent): Promise<Written>;
  /** Events that wait or are being published. */
  waiting(): number;
}

interface Waiting {
  readonly event: WireEvent;
  readonly resolve: (written: Written) => void;
}

/** A batch costs about 2 ms, and one write to the disk; as much as so many plain publications with a write each, which is how the stream is kept safe. */
const BATCH_FROM = 16;

/**
 * Publishes what many clients hand in at the same time together: whatever came while one window was being published is the next one.
 * One window follows the other, so that events of one client keep the order in which they came.
 */
export function createWriter({ publisher, windowSize = 500, mostEvents = 4_000, mostBytes = 32 * 1_024 * 1_024 }: WriterOptions): Writer {
  let queue: Waiting[] = [];
  let [events, bytes] = [0, 0];
  let running = false;

  const run = async () => {
    running = true;
    while (queue.length > 0) {
      const window = queue.slice(0, windowSize);
      queue = queue.slice(windowSize);
      const written = await publishWindow(publisher, window.map(({ event }) => event));
      window.forEach(({ event, resolve }, i) => {
        events -= 1;
        bytes -= event.body.length;
        resolve(written[i] ?? { state: 'unanswered', error: new Error('the window was answered in part') });
      });
    }
    running = false;
  };

  return {
    write(event) {
      if (events >= mostEvents || bytes + event.body.length > mostBytes) return Promise.resolve({ state: 'busy' });
      events += 1;
      bytes += event.body.length;
      return new Promise((resolve) => {
        queue.push({ event, resolve });
        // Not at once: whatever came with the same packet shall go with the same window.
        if (!running) {
          running = true;
          setImmediate(() => void run());
        }
      });
    },
    waiting: () => events,
  };
}

async function publishWindow(publisher: Publisher, events: readonly WireEvent[]): Promise<readonly Written[]> {
  if (events.length >= BATCH_FROM) {
    try {
      const batch = await publisher.publishBatch(events);
      if (batch.state === 'stored') return events.map((_, i) => ({ state: 'stored', sequence: batch.first + i, duplicate: false }));
    } catch (error) {
      // Sent again one by one they would wait as long once more; their clients do that, and the stream knows what it has.
      return events.map(() => ({ state: 'unanswered', error }));
    }
  }
  // One id that the stream knows already is enough for it to refuse a batch.
  return Promise.all(events.map((event) => publisher.publish(event).catch((error: unknown): Written => ({ state: 'unanswered', error }))));
}
