type LaneTask = () => Promise<void>;

/**
 * Runs tasks of one key one after the other and of different keys side by side, at most `width` at a time.
 * A task must not reject: what can go wrong is settled inside it.
 */
export class Lanes {
  private readonly waiting = new Map<string, LaneTask[]>();
  private readonly ready: [string, LaneTask][] = [];
  private readonly idleListeners: (() => void)[] = [];
  private running = 0;
  private closed = false;

  constructor(private width: number) {}

  setWidth(width: number): void {
    this.width = width;
    this.pump();
  }

  /** Tasks that were dispatched and have not ended. */
  get size(): number {
    let size = this.running + this.ready.length;
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

  /** Drops what has not begun and resolves once everything that has begun has ended. */
  async close(): Promise<void> {
    this.closed = true;
    this.ready.length = 0;
    this.waiting.clear();
    if (this.running > 0) await new Promise<void>((resolve) => this.idleListeners.push(resolve));
  }

  private pump(): void {
    while (this.running < this.width) {
      const next = this.ready.shift();
      if (!next) return;
      this.running += 1;
      void this.run(next[0], next[1]);
    }
  }

  private async run(key: string, task: LaneTask): Promise<void> {
    try {
      await task();
    } finally {
      this.running -= 1;
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
