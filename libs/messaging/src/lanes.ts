type LaneTask = () => Promise<void>;

/**
 * Runs tasks of one key one after the other and of different keys side by side, at most `width` at a time.
 * What is offered goes behind: it begins only when nothing else is ready, in `offered` of these places at most, so that
 * the rest stay free for what comes. A task must not reject: what can go wrong is settled inside it.
 */
export class Lanes {
  private readonly waiting = new Map<string, LaneTask[]>();
  private readonly ready: [string, LaneTask][] = [];
  private readonly offers = new Map<string, LaneTask[]>();
  private readonly idleListeners: (() => void)[] = [];
  private running = 0;
  private runningOffers = 0;
  private closed = false;

  constructor(
    private width: number,
    private offered = Math.ceil(width / 2),
  ) {}

  setWidth(width: number, offered = Math.ceil(width / 2)): void {
    this.width = width;
    this.offered = offered;
    this.pump();
  }

  /** Tasks that were dispatched and have not ended. */
  get size(): number {
    let size = this.running - this.runningOffers + this.ready.length;
    for (const queue of this.waiting.values()) size += queue.length;
    return size;
  }

  dispatch(key: string, task: LaneTask): void {
    if (this.closed) return;
    const queue = this.waiting.get(key);
    if (queue) {
      queue.push(task);
      return;
    }
    this.waiting.set(key, []);
    this.ready.push([key, task]);
    this.pump();
  }

  /** A task that may wait: behind everything that is dispatched, of its key and of others. */
  offer(key: string, task: LaneTask): void {
    if (this.closed) return;
    const queue = this.offers.get(key);
    if (queue) queue.push(task);
    else this.offers.set(key, [task]);
    this.pump();
  }

  /** Drops what has not begun and resolves once everything that has begun has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.ready.length = 0;
    this.waiting.clear();
    this.offers.clear();
    if (this.running > 0) await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  private pump(): void {
    while (this.running < this.width) {
      const next = this.ready.shift();
      if (next) void this.run(next[0], next[1]);
      else if (!this.beginOffer()) return;
    }
  }

  private beginOffer(): boolean {
    if (this.runningOffers >= this.offered) return false;
    for (const [key, queue] of this.offers) {
      if (this.waiting.has(key)) continue;
      const task = queue.shift();
      if (queue.length === 0) this.offers.delete(key);
      if (!task) continue;
      this.waiting.set(key, []);
      this.runningOffers += 1;
      void this.run(key, task, () => (this.runningOffers -= 1));
      return true;
    }
    return false;
  }

  private async run(key: string, task: LaneTask, ended?: () => void): Promise<void> {
    this.running += 1;
    try {
      await task();
    } finally {
      this.running -= 1;
      ended?.();
      this.next(key);
      if (this.running === 0 && (this.closed || this.ready.length === 0)) for (const listener of this.idleListeners.splice(0)) listener();
      this.pump();
    }
  }

  private next(key: string): void {
    const queue = this.waiting.get(key);
    const task = queue?.shift();
    if (task) this.ready.push([key, task]);
    else this.waiting.delete(key);
  }
}
