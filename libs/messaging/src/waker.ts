/** A sleep that others can end. Cheaper than aborting a timer, whose error costs more than what woke it. */
export class Waker {
  private readonly sleepers = new Set<() => void>();

  /** Resolves when `wake` is called, at the latest after `ms`. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.sleepers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.sleepers.add(end);
    });
  }

  wake(): void {
    for (const end of this.sleepers) end();
  }
}
