import { setTimeout as sleep } from 'node:timers/promises';
import type { CachePolicy } from '@granary/contracts';
import { PLATFORM_TENANT } from '@granary/security';
import type { Task } from '@granary/service-host';
import { runCycle, type CycleDeps } from './cycle.handler';
import { nextDue, type Pace } from './due';

export interface SweepOptions extends CycleDeps {
  readonly policy: CachePolicy;
  readonly pace: Pace;
  readonly newId: () => string;
  /** How often to look whether a cycle is due, or was asked for where nobody here heard it. */
  readonly lookMs: number;
}

/** Begins cycles when they are due, and runs those that wait: one at a time, in one process at a time. */
export class Sweeper implements Task {
  readonly name = 'sweep';
  readonly #stopping = new AbortController();
  #woken = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: SweepOptions) {}

  async start(): Promise<void> {
    this.#loop = this.#look();
  }

  /** A cycle that runs is left as it is; whoever starts next goes on with it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
  }

  /** Looks now. */
  wake(): void {
    this.#woken.resolve();
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#woken = Promise.withResolvers<void>();
      try {
        await this.options.cycles.alone(() => this.#runAll(signal));
      } catch (error) {
        if (!signal.aborted) this.options.log.warn({ err: error }, 'the caches cannot be looked after; trying again');
      }
      await Promise.race([this.#woken.promise, sleep(this.options.lookMs, undefined, { signal }).catch(() => undefined)]);
    }
  }

  async #runAll(signal: AbortSignal): Promise<void> {
    const { cycles, meters } = this.options;
    await this.#beginDue();
    for (let cycle = await cycles.open(); cycle !== null && !signal.aborted; cycle = await cycles.open()) await runCycle(this.options, cycle, signal);
    const last = await cycles.last();
    const shown = last === null ? null : await cycles.find(PLATFORM_TENANT, last.cycleId);
    if (last !== null && shown !== null) meters.sizes(shown.parts, shown.overBytes, last.finishedAt);
  }

  async #beginDue(): Promise<void> {
    const { cycles, pace, policy, now, newId } = this.options;
    const at = now();
    if (nextDue(await cycles.last(), pace, at) > at) return;
    const cycleId = newId();
    await cycles.begin({ cycleId, tenant: PLATFORM_TENANT, reason: 'due', dryRun: false, correlationId: cycleId, startedAt: at, policy });
  }
}
