import type { ServerResponse } from 'node:http';
import { endFrame, type Ending } from './ending';

/** How long a client that was told the end may take to read it. */
const FAREWELL_MS = 2_000;

export interface ConnectionOptions {
  readonly response: ServerResponse;
  /** Called once, when it is over for whatever reason; null when the client left. */
  readonly onEnd: (ending: Ending | null) => void;
  readonly now: () => number;
}

/** One open stream to one client. Whoever writes stops when it is full, so that it holds no more than one write beyond its buffer. */
export class Connection {
  private readonly drained = new Set<() => void>();
  private fullSince: number | null = null;
  private over = false;
  private writtenAt: number;

  constructor(private readonly options: ConnectionOptions) {
    const { response, now } = options;
    this.writtenAt = now();
    response.on('drain', () => {
      this.fullSince = null;
      for (const listener of this.drained) listener();
    });
    response.once('close', () => this.finish(null));
    // It may have left while it was found out whether it may have a stream.
    if (response.destroyed) queueMicrotask(() => this.finish(null));
    // A client that goes away while something is written to it is no fault of ours; `close` follows.
    response.on('error', () => undefined);
  }

  get open(): boolean {
    return !this.over;
  }

  /** Since when the client has not read what was written; null while it keeps up. */
  get stalledSince(): number | null {
    return this.fullSince;
  }

  get quietSince(): number {
    return this.writtenAt;
  }

  /** Writes what fits and what does not; false when no more should be written before it has drained. */
  send(frames: string | readonly Buffer[]): boolean {
    if (this.over) return false;
    this.writtenAt = this.options.now();
    const chunk = typeof frames === 'string' ? frames : frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
    if (!this.options.response.write(chunk)) this.fullSince ??= this.writtenAt;
    return this.fullSince === null;
  }

  onDrain(listener: () => void): void {
    this.drained.add(listener);
  }

  /** Says why, and ends. A client that does not even read that is cut off a little later. */
  end(ending: Ending): void {
    if (this.over) return;
    const { response } = this.options;
    this.finish(ending);
    response.end(endFrame(ending));
    const cut = setTimeout(() => response.destroy(), FAREWELL_MS);
    response.once('close', () => clearTimeout(cut));
  }

  private finish(ending: Ending | null): void {
    if (this.over) return;
    this.over = true;
    this.drained.clear();
    this.options.onEnd(ending);
  }
}
