import { setTimeout as delay } from 'node:timers/promises';
import type { LogPosition } from '@granary/contracts';
import { isFault } from '@granary/faults';
import type { BacklogRange, ReadBacklog } from './backlog.client';
import type { Connection } from './connection.worker';
import type { StreamFilter } from './filter';
import { nextStep } from './next-step';
import type { Window } from './window';

export interface LogStreamOptions {
  readonly connection: Pick<Connection, 'open' | 'send' | 'onDrain'>;
  readonly window: Window;
  readonly filter: StreamFilter;
  readonly readBacklog: ReadBacklog;
  /** Told what keeps the stream from ever going on. */
  readonly fail: (error: unknown) => void;
  /** Told how many events were sent. */
  readonly sent: (events: number) => void;
}

/** Bytes after which a stream looks whether its client keeps up. */
const MOST = 64 * 1024;
const RETRY_MS = 500;

/**
 * Brings one client from a position of the log to its end, and then along with it. All that it remembers is how far it is: a
 * client that is slow does not make anything pile up here, and goes on from the log when the window has left it behind.
 */
export class LogStream {
  private state: 'ready' | 'reading' = 'ready';
  private full = false;

  constructor(
    private at: LogPosition,
    private readonly options: LogStreamOptions,
  ) {
    options.connection.onDrain(() => {
      this.full = false;
      this.pump();
    });
  }

  /** Everything up to here was sent, or is not for this client. */
  get position(): LogPosition {
    return this.at;
  }

  /** To be called whenever there may be something new. */
  pump(): void {
    const { connection, window, filter } = this.options;
    while (connection.open && this.state === 'ready' && !this.full) {
      const step = nextStep(this.at, window, filter, MOST);
      if (step.state === 'wait') return;
      if (step.state === 'read') return void this.read(step);
      this.advance(step.frames, step.through);
    }
  }

  private async read(range: BacklogRange): Promise<void> {
    const { connection, filter, readBacklog } = this.options;
    this.state = 'reading';
    try {
      const { frames, through } = await readBacklog(range, filter);
      this.advance(frames, through);
    } catch (error) {
      if (!isFault(error) || error.kind === 'permanent') return this.options.fail(error);
      // The log is away for a moment; the stream is where it was.
      await delay(RETRY_MS);
    }
    this.state = 'ready';
    if (connection.open) this.pump();
  }

  private advance(frames: readonly Buffer[], through: LogPosition): void {
    this.at = through;
    if (frames.length === 0) return;
    this.full = !this.options.connection.send(frames);
    this.options.sent(frames.length);
  }
}
