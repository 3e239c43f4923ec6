import type { CacheFailure } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { CacheOwner } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { PLATFORM_TENANT } from '@granary/security';
import type { CycleStore, OpenCycle } from '../store/cycle.store';
import type { SweepMeters } from './metrics';
import { OWNERS, type Owners } from './owners.client';
import { plan, type Listed } from './plan';
import { settle } from './tally';

export interface CycleDeps {
  readonly cycles: CycleStore;
  readonly owners: Owners;
  readonly meters: SweepMeters;
  readonly log: Logger;
  readonly now: () => Date;
}

const PAGE = 1_000;

/**
 * Runs a cycle from where it is: lists what is kept, plans, and proposes. The plan is written before anything is proposed and
 * each answer when it is heard, so a janitor that ends in the middle is followed by one that goes on. Owners decide at the
 * moment of deletion; one that cannot be asked keeps what it has, and the others are asked all the same.
 */
export async function runCycle(deps: CycleDeps, cycle: OpenCycle, signal: AbortSignal): Promise<void> {
  const failures: CacheFailure[] = [];
  if (cycle.state === 'listing') await makePlan(deps, cycle, failures, signal);
  if (!cycle.dryRun) await propose(deps, cycle, failures, signal);
  signal.throwIfAborted();
  const { cycles, meters, log, now } = deps;
  const at = now();
  const sums = await cycles.end(cycle, failures, at);
  const outcome = failures.length > 0 ? 'failed' : cycle.dryRun ? 'dry-run' : 'completed';
  meters.ended(outcome, (at.getTime() - cycle.startedAt.getTime()) / 1_000);
  for (const { owner } of failures) meters.failed(owner);
  if (failures.length > 0) log.error({ cycleId: cycle.cycleId, failures, ...sums }, 'a cycle over the caches could not do everything; it is tried again');
  else log.info({ cycleId: cycle.cycleId, reason: cycle.reason, dryRun: cycle.dryRun, ...sums }, 'a cycle over the caches ended');
  await cycles.prune();
}

async function makePlan({ cycles, owners, now }: CycleDeps, cycle: OpenCycle, failures: CacheFailure[], signal: AbortSignal): Promise<void> {
  const listed: Listed[] = [];
  for (const owner of OWNERS) {
    try {
      for (const entry of await listOf(owners, owner, signal)) listed.push(entry);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(failureOf(owner, error));
    }
  }
  const planned = plan(listed, cycle.policy, now());
  const mine = <T extends { tenant: string }>(all: readonly T[]): readonly T[] => (cycle.tenant === PLATFORM_TENANT ? all : all.filter(({ tenant }) => tenant === cycle.tenant));
  await cycles.savePlan(cycle, { decisions: mine(planned.decisions), parts: mine(planned.parts), overBytes: planned.overBytes }, now());
}

async function listOf(owners: Owners, owner: CacheOwner, signal: AbortSignal): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    signal.throwIfAborted();
    const page = await owners.page(owner, { limit: PAGE, ...(cursor === '' ? {} : { cursor }) });
    for (const { tenant, kind, id, bytes, compression, lasting, inUse, lastUsedAt } of page.entries) listed.push({ owner, tenant, kind, id, bytes, compression, lasting, inUse: inUse !== null, lastUsedAt: Date.parse(lastUsedAt) });
    cursor = page.next;
  }
  return listed;
}

async function propose({ cycles, owners, meters }: CycleDeps, cycle: OpenCycle, failures: CacheFailure[], signal: AbortSignal): Promise<void> {
  // Of a cycle that somebody else began, the first may have been made already.
  let again = cycle.state === 'sweeping';
  for (let proposal = await cycles.nextOpen(cycle.cycleId, []); proposal !== null; proposal = await cycles.nextOpen(cycle.cycleId, failures.map(({ owner }) => owner))) {
    signal.throwIfAborted();
    const { owner, decisions } = proposal;
    try {
      const settled = settle(decisions, await owners.propose(proposal), again);
      await cycles.settle(cycle, proposal, settled);
      meters.settled(settled);
      const [failed] = settled.failed;
      if (failed !== undefined) failures.push({ owner, code: 'not-freed', message: failed });
    } catch (error) {
      signal.throwIfAborted();
      failures.push(failureOf(owner, error));
    }
    again = false;
  }
}

function failureOf(owner: CacheOwner, error: unknown): CacheFailure {
  const { code, message } = Fault.from(error);
  return { owner, code, message: message.slice(0, 4_096) };
}
