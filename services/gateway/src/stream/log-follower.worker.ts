import type { LogEntry, LogPosition } from '@granary/contracts';
import { PLATFORM_TENANT } from '@granary/security';
import { onSignal, type Broker, type RpcClient } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { comparePositions, positionText } from './position';
import { eventFrame } from './frame';
import { windowStart } from './resume';
import { Window, type Framed, type WindowLimits } from './window';

export interface FollowerOptions {
  readonly broker: Broker;
  /** Calls as the gateway itself, which may read the log of all tenants. */
  readonly rpc: RpcClient;
  readonly log: Logger;
  readonly limits: WindowLimits;
  /** How often the log is looked at when no signal says that it has grown. */
  readonly pollMs: number;
}

/** Told what the log has more of, once the window has it. */
export type Listener = (added: readonly Framed[]) => void;

/** What is followed, as a stream finds it. */
export interface Followed {
  readonly window: Window;
  /** The end of the log when it began to be followed; the window may still be on its way there. */
  readonly end: LogPosition;
}

/** One life of the window: from the first stream to the last. */
interface Run {
  readonly followed: Promise<Followed>;
  over: boolean;
}

const RETRY_MS = 500;
const PAGE = 500;
/** A call that got lost with the process that was to answer it is made again soon; reading twice harms nobody. */
export const READ_TIMEOUT_MS = 5_000;
/** Sequences before the end with which a window begins: after a restart all streams come back at once, and have missed about the same. */
const LOOK_BACK = 2_000;

/**
 * Reads the end of the log for all streams of this process, as long as there is one: one read however many listen. Signals of
 * the log say when to look; they may get lost, so it also looks now and then.
 */
export class LogFollower {
  readonly name = 'log follower';
  private readonly listeners = new Set<Listener>();
  private run: Run | null = null;
  private heard: LogPosition | null = null;
  private wake: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;
  private failing = false;

  constructor(private readonly options: FollowerOptions) {}

  async start(): Promise<void> {
    this.unsubscribe = onSignal(this.options.broker, 'audit.log-grown', (body) => this.hear(body), this.options.log);
  }

  async stop(): Promise<void> {
    this.unsubscribe();
    this.listeners.clear();
    this.rest();
  }

  /** The window grows as long as this listener stays. Faults: those of asking the log where it ends. */
  async join(listener: Listener): Promise<Followed> {
    this.listeners.add(listener);
    this.run ??= this.begin();
    try {
      return await this.run.followed;
    } catch (error) {
      this.leave(listener);
      throw error;
    }
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.rest();
  }

  private begin(): Run {
    const run: Run = { followed: this.open(), over: false };
    run.followed.then(
      ({ window }) => this.follow(window, run),
      () => {
        if (this.run === run) this.rest();
      },
    );
    return run;
  }

  private rest(): void {
    if (this.run) this.run.over = true;
    this.run = null;
    this.failing = false;
    this.wake();
  }

  private async open(): Promise<Followed> {
    const bounds = await this.options.rpc.call('audit.log.status', {}, { tenant: PLATFORM_TENANT });
    return { window: new Window(windowStart(bounds, LOOK_BACK), this.options.limits), end: { epoch: bounds.epoch, sequence: bounds.sequence } };
  }

  private async follow(window: Window, run: Run): Promise<void> {
    while (!run.over) {
      const heard = this.heard;
      const page = await this.read(window.end);
      if (run.over) return;
      if (page === null) {
        await this.sleep(RETRY_MS);
        continue;
      }
      if (page.entries.length > 0) this.grow(window, page.entries.map(framed));
      // What was heard before the read began can be read; what was heard since may have come too late for it.
      const more = page.next !== null || (this.heard !== heard && this.heard !== null && comparePositions(this.heard, window.end) > 0);
      if (!more) await this.sleep(this.options.pollMs);
    }
  }

  private grow(window: Window, added: readonly Framed[]): void {
    window.append(added);
    for (const listener of this.listeners) listener(added);
  }

  /** Null when the log cannot be read now; the first time of a row is logged. */
  private async read(after: LogPosition) {
    try {
      const page = await this.options.rpc.call('audit.log.read', { after, limit: PAGE }, { tenant: PLATFORM_TENANT, timeoutMs: READ_TIMEOUT_MS });
      if (this.failing) this.options.log.info('the event log can be read again; streams go on');
      this.failing = false;
      return page;
    } catch (error) {
      if (!this.failing) this.options.log.warn({ err: error }, 'the event log cannot be read; streams stand still and nothing of them is lost');
      this.failing = true;
      return null;
    }
  }

  private hear(body: unknown): void {
    if (!isPosition(body)) return;
    this.heard = body;
    this.wake();
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Made once, sent to many. */
export function framed({ position, tenant, type, key, correlationId, event }: LogEntry): Framed {
  return { position, tenant, type, key, correlationId, frame: Buffer.from(eventFrame({ id: positionText(position), event: type, data: JSON.stringify(event) })) };
}

function isPosition(body: unknown): body is LogPosition {
  const { epoch, sequence } = (body ?? {}) as Partial<LogPosition>;
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(sequence);
}
