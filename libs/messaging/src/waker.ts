/** A sleep that others can end. Cheaper than aborting a timer, whose error costs more than what woke it. */
export class Waker {
  private end: (() => void) | null = null;

  /** Resolves when `wake` is called, at the latest after `ms`. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), ms);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    const { end } = this;
    this.end = null;
    end?.();
  }
}
