import { setTimeout as delay } from 'node:timers/promises';
import { isFault } from '@granary/faults';
import type { Lease, Leases } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { AiWriteStore, Cursor, Repricing } from '../store/ai-write.store';
import { readAiFact, type AiFact, type LoggedRow } from './ai-record';
import type { AiMeters } from './ai-meters';
import type { PriceBook } from './price-book';
import { repricedSums, sumsOf, type PricedFact } from './sums';

export interface ProjectorOptions {
  readonly store: AiWriteStore;
  readonly leases: Leases;
  readonly meters: AiMeters;
  readonly log: Logger;
  /** Names this process among the replicas; a new one with each start. */
  readonly owner: string;
  newId(): string;
  now(): Date;
  readonly leaseTtlMs: number;
  /** How long records are kept; their sums stay. */
  readonly keepMs: number;
  readonly everyMs?: number;
}

/** What reads the log for the AI audit is one process, so its lease is that of one partition group. */
const READER = { consumer: 'ai-audit', group: 0 };
/** Rows of the log that are looked at in one transaction, and records that are written in one: large enough to be quick, small enough to stay well inside of the lease. */
const [SCAN, BATCH] = [20_000, 1_000];
const [FORGET_EVERY_MS, FORGET_BATCH] = [3_600_000, 5_000];

export type ProjectorState = { readonly state: 'stopped' | 'standby' } | { readonly state: 'reading'; readonly cursor: Cursor } | { readonly state: 'interrupted'; readonly why: string };

/**
 * The task that reads the event log for the AI audit, whenever this process holds the lease: what is new becomes records and
 * sums, what has new prices is reckoned again, budgets are looked at. Every step is a transaction that moves the cursor with
 * its rows, so a crash repeats nothing and leaves nothing out.
 */
export class AiProjector {
  readonly name = 'ai-audit';
  private readonly stopping = new AbortController();
  private current: ProjectorState = { state: 'stopped' };
  private woken = Promise.withResolvers<void>();
  private done: Promise<void> = Promise.resolve();
  private forgotAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ProjectorOptions) {}

  state(): ProjectorState {
    return this.current;
  }

  /** Something is to be reckoned again; what the log has that is new is looked for every second. */
  wake(): void {
    this.woken.resolve();
  }

  async start(): Promise<void> {
    this.current = { state: 'standby' };
    this.done = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.done;
    this.current = { state: 'stopped' };
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const lease = await this.options.leases.acquire(READER, this.options.owner, this.options.leaseTtlMs);
        if (lease === null) await this.standBy();
        else await this.work(lease);
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  private async standBy(): Promise<void> {
    this.current = { state: 'standby' };
    await this.pause();
  }

  private async recover(error: unknown): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const lost = isFault(error) && error.code === 'lease-lost';
    if (!lost) this.options.log.warn({ err: error }, 'the AI audit was interrupted; nothing is lost and it tries again');
    this.current = lost ? { state: 'standby' } : { state: 'interrupted', why: error instanceof Error ? error.message : String(error) };
    await this.pause();
  }

  private async work(lease: Lease): Promise<void> {
    const { leases, leaseTtlMs, store } = this.options;
    try {
      this.current = { state: 'reading', cursor: await store.cursor() };
      while (!this.stopping.signal.aborted) {
        const moved = await this.step(lease);
        if (!moved) await this.pause();
        if (!this.stopping.signal.aborted && !(await leases.renew(lease, leaseTtlMs))) return;
      }
    } finally {
      await leases.release(lease).catch(() => undefined);
    }
  }

  /** One step; whether there may be another one at once. */
  private async step(lease: Lease): Promise<boolean> {
    const read = await this.readOn(lease);
    const repriced = await this.repriceSome(lease);
    if (read || repriced) return true;
    // Only once nothing is left to be read: a backlog would have the same sums asked for again and again.
    await this.passBudgets(lease);
    return this.forgetSome(lease);
  }

  private async readOn(lease: Lease): Promise<boolean> {
    const { store, meters, newId } = this.options;
    const cursor = this.current.state === 'reading' ? this.current.cursor : await store.cursor();
    const stretch = await store.read(cursor, SCAN, BATCH);
    if (stretch === null) return false;
    const begun = performance.now();
    const facts = stretch.rows.flatMap((row) => this.readFact(row));
    const fresh = await store.append(lease, await this.priced(facts), sumsOf, stretch.end, newId());
    this.current = { state: 'reading', cursor: stretch.end };
    meters.appended(fresh, facts.length - fresh.length, (performance.now() - begun) / 1_000);
    meters.readUpTo(stretch.end.readUpTo);
    return true;
  }

  private readFact(row: LoggedRow): AiFact[] {
    const reading = readAiFact(row);
    if (reading.state === 'read') return [reading.fact];
    this.options.meters.unreadable();
    this.options.log.warn({ position: row.position, eventId: row.eventId, type: row.type, why: reading.why }, 'an event about AI breaks its contract; the AI audit leaves it out, the event log has it');
    return [];
  }

  private async priced(facts: readonly AiFact[]): Promise<PricedFact[]> {
    const tenants = [...new Set(facts.filter(({ kind }) => kind === 'invocation').map(({ tenant }) => tenant))];
    const books = tenants.length === 0 ? new Map<string, PriceBook>() : await this.options.store.books(tenants);
    return facts.map((fact) => withCost(fact, books.get(fact.tenant)));
  }

  private async repriceSome(lease: Lease): Promise<boolean> {
    const { store } = this.options;
    const repricing = await store.nextRepricing();
    if (repricing === null) return false;
    const calls = await store.calls(repricing, BATCH);
    const after = await this.priced(calls);
    const changes = calls.flatMap((before, at) => (isRepriced(before, after[at] ?? before) ? [{ before, after: after[at] ?? before }] : []));
    await store.reprice(lease, repricing, changes.map((change) => change.after), repricedSums(changes), calls.length < BATCH ? null : (calls.at(-1) ?? null), this.options.newId());
    if (calls.length < BATCH) this.tellRepriced(repricing);
    return true;
  }

  private tellRepriced({ tenant, fromAt, untilAt }: Repricing): void {
    this.options.log.info({ tenant, from: fromAt, until: untilAt }, 'calls of models have the cost of the new prices');
  }

  private async passBudgets(lease: Lease): Promise<void> {
    const { store, meters, log, now, newId } = this.options;
    for (const { tenant, budget, threshold, from } of await store.passBudgets(lease, now(), newId())) {
      meters.budgetPassed();
      log.warn({ tenant, budget: budget.name, threshold, from }, 'a budget for calls of models was passed');
    }
  }

  private async forgetSome(lease: Lease): Promise<boolean> {
    const { store, now, keepMs, newId } = this.options;
    if (performance.now() - this.forgotAt < FORGET_EVERY_MS) return false;
    const gone = await store.forget(lease, new Date(now().getTime() - keepMs), FORGET_BATCH, newId());
    if (gone < FORGET_BATCH) this.forgotAt = performance.now();
    return gone === FORGET_BATCH;
  }

  private async pause(): Promise<void> {
    await Promise.race([delay(this.options.everyMs ?? 1_000, undefined, { signal: this.stopping.signal }).catch(() => undefined), this.woken.promise]);
    this.woken = Promise.withResolvers();
  }
}

function withCost(fact: AiFact, book: PriceBook | undefined): PricedFact {
  if (fact.kind !== 'invocation' || fact.provider === null || fact.model === null || book === undefined) return { ...fact, cost: null, priceTable: null };
  return { ...fact, ...book.priceOf({ provider: fact.provider, model: fact.model, usage: fact.usage, storedAt: fact.storedAt }) };
}

function isRepriced(before: PricedFact, after: PricedFact): boolean {
  return before.priceTable !== after.priceTable || textOf(before) !== textOf(after);
}

function textOf({ cost }: PricedFact): string {
  if (cost === null) return '';
  return cost.state === 'priced' ? String(cost.nanoDollars) : cost.reason;
}
