import type { CacheCycle, CacheDecision, CacheFailure, CachePart, CachePolicy } from '@granary/contracts';
import { PLATFORM_TENANT } from '@granary/security';
import { lockNumber } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { LastCycle } from '../sweep/due';
import type { Decision, Plan } from '../sweep/plan';
import { proposalsOf, type Proposal } from '../sweep/plan';
import type { Settled } from '../sweep/tally';

/** A cycle that has not ended. */
export interface OpenCycle {
  readonly cycleId: string;
  readonly tenant: string;
  readonly reason: 'due' | 'requested';
  readonly dryRun: boolean;
  readonly state: 'listing' | 'sweeping';
  readonly correlationId: string;
  readonly startedAt: Date;
  readonly policy: CachePolicy;
}

export interface OpenProposal extends Proposal {
  readonly number: number;
}

/** What a cycle found and did, all parts together. */
export interface Sums {
  readonly entries: number;
  readonly bytes: number;
  readonly usedBytes: number;
  readonly evictedEntries: number;
  readonly evictedBytes: number;
  readonly packedBytes: number;
  readonly overBytes: number;
}

interface CycleRow {
  cycle_id: string;
  tenant: string;
  reason: 'due' | 'requested';
  dry_run: boolean;
  state: CacheCycle['state'];
  correlation_id: string;
  started_at: Date;
  finished_at: Date | null;
  policy: CachePolicy;
  over_bytes: string;
  failures: CacheFailure[];
}

interface PartRow {
  cycle_id: string;
  owner: string;
  kind: CachePart['kind'];
  entries: string;
  bytes: string;
  used_entries: string;
  used_bytes: string;
  evicted_entries: string;
  evicted_bytes: string;
  packed_entries: string;
  packed_bytes: string;
  spared_entries: string;
}

const SUMMED = ['entries', 'bytes', 'used_entries', 'used_bytes', 'evicted_entries', 'evicted_bytes', 'packed_entries', 'packed_bytes', 'spared_entries'].map((column) => `sum(${column}) as ${column}`).join(', ');

/** Proposals are long, and of interest only while somebody may ask what went. */
const PROPOSALS_FOR = `interval '7 days'`;
const CYCLES_FOR = `interval '90 days'`;

/** Cycles over the caches. What is planned is written before it is proposed, so that another process can go on. */
export class CycleStore {
  constructor(private readonly database: Pick<Database, 'of' | 'across' | 'transact' | 'schema'>) {}

  /** Runs something unless another process is at it; false when one is. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    const connection = await this.database.across.dedicated('sweep');
    try {
      const { rows } = await connection.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [lockNumber('sweep', this.database.schema)]);
      if (rows[0]?.mine !== true) return false;
      await work();
      return true;
    } finally {
      await connection.end();
    }
  }

  /** Begins a cycle of a tenant, or answers the one that runs. */
  async begin(cycle: Omit<OpenCycle, 'state'>): Promise<{ cycleId: string; started: boolean }> {
    const { cycleId, tenant, reason, dryRun, correlationId, startedAt, policy } = cycle;
    const added = await this.database.of(tenant).query<unknown[]>(
      `insert into cycles (cycle_id, tenant, reason, dry_run, state, correlation_id, started_at, policy) values ($1, $2, $3, $4, 'listing', $5, $6, $7) on conflict do nothing returning 1`,
      [cycleId, tenant, reason, dryRun, correlationId, startedAt, JSON.stringify(policy)],
    );
    if (added.length > 0) return { cycleId, started: true };
    const [running] = await this.database.of(tenant).query<{ cycle_id: string }[]>(`select cycle_id from cycles where tenant = $1 and state in ('listing', 'sweeping')`, [tenant]);
    return running === undefined ? this.begin(cycle) : { cycleId: running.cycle_id, started: false };
  }

  /** The oldest cycle that has not ended, of any tenant. */
  async open(): Promise<OpenCycle | null> {
    const [row] = await this.database.across.rows.query<CycleRow[]>(`select * from cycles where state in ('listing', 'sweeping') order by cycle_id limit 1`);
    if (row === undefined) return null;
    const { cycle_id: cycleId, tenant, reason, dry_run: dryRun, correlation_id: correlationId, started_at: startedAt, policy } = row;
    return { cycleId, tenant, reason, dryRun, state: row.state === 'sweeping' ? 'sweeping' : 'listing', correlationId, startedAt, policy };
  }

  /** The last cycle over everything that really swept and has ended. */
  async last(): Promise<(LastCycle & { readonly cycleId: string }) | null> {
    const [row] = await this.database.of(PLATFORM_TENANT).query<(CycleRow & { finished_at: Date })[]>(`select * from cycles where tenant = $1 and not dry_run and state in ('completed', 'failed') order by cycle_id desc limit 1`, [PLATFORM_TENANT]);
    return row === undefined ? null : { cycleId: row.cycle_id, state: row.state === 'failed' ? 'failed' : 'completed', startedAt: row.started_at, finishedAt: row.finished_at };
  }

  /** Writes what a cycle found and plans: all of it, or nothing. */
  async savePlan({ cycleId, dryRun }: OpenCycle, { decisions, parts, overBytes }: Plan, now: Date): Promise<void> {
    await this.database.across.transact({ tenant: PLATFORM_TENANT, correlationId: cycleId }, async ({ manager }) => {
      await manager.query(
        `insert into cycle_parts (cycle_id, tenant, owner, kind, listed_at, entries, bytes, used_entries, used_bytes)
         select $1, tenant, owner, kind, $2, entries, bytes, "usedEntries", "usedBytes"
         from jsonb_to_recordset($3) as part (tenant text, owner text, kind text, entries bigint, bytes bigint, "usedEntries" bigint, "usedBytes" bigint)`,
        [cycleId, now, JSON.stringify(parts)],
      );
      for (const [number, proposal] of proposalsOf(decisions).entries()) {
        await manager.query('insert into proposals (cycle_id, number, tenant, owner, action, state, entries) values ($1, $2, $3, $4, $5, $6, $7)', [cycleId, number, proposal.tenant, proposal.owner, proposal.action, dryRun ? 'planned' : 'open', JSON.stringify(proposal.decisions)]);
      }
      await manager.query(`update cycles set state = 'sweeping', over_bytes = $2 where cycle_id = $1`, [cycleId, overBytes]);
    });
  }

  /** The next proposal that no answer was heard to, of owners other than those given. */
  async nextOpen(cycleId: string, without: readonly string[]): Promise<OpenProposal | null> {
    const [row] = await this.database.across.rows.query<{ number: number; owner: Proposal['owner']; tenant: string; action: Proposal['action']; entries: Decision[] }[]>(
      `select number, owner, tenant, action, entries from proposals where cycle_id = $1 and state = 'open' and owner <> all($2) order by number limit 1`,
      [cycleId, without],
    );
    return row === undefined ? null : { number: row.number, owner: row.owner, tenant: row.tenant, action: row.action, decisions: row.entries };
  }

  /** Notes the answer to a proposal, and tells what went. */
  async settle({ cycleId, correlationId }: OpenCycle, { number, tenant, owner }: OpenProposal, { tallies, evicted }: Settled): Promise<void> {
    await this.database.transact({ tenant, correlationId }, async ({ manager, announce }) => {
      const [, open] = await manager.query<[unknown, number]>(`update proposals set state = 'done' where cycle_id = $1 and number = $2 and state = 'open'`, [cycleId, number]);
      if (open === 0) return;
      for (const { kind, evictedEntries, evictedBytes, packedEntries, packedBytes, sparedEntries } of tallies) {
        await manager.query(
          `update cycle_parts set evicted_entries = evicted_entries + $5, evicted_bytes = evicted_bytes + $6, packed_entries = packed_entries + $7, packed_bytes = packed_bytes + $8, spared_entries = spared_entries + $9
           where cycle_id = $1 and tenant = $2 and owner = $3 and kind = $4`,
          [cycleId, tenant, owner, kind, evictedEntries, evictedBytes, packedEntries, packedBytes, sparedEntries],
        );
      }
      if (evicted.length > 0) announce({ type: 'cache.entries-evicted.v1', key: 'cache', data: { cycleId, owner, bytes: evicted.reduce((sum, { bytes }) => sum + bytes, 0), entries: evicted } });
    });
  }

  /** Ends a cycle, and says how. */
  async end(cycle: OpenCycle, failures: readonly CacheFailure[], now: Date): Promise<Sums> {
    const { cycleId, tenant, correlationId, reason, dryRun, startedAt } = cycle;
    const sums = await this.sums(cycleId);
    await this.database.transact({ tenant, correlationId }, async ({ manager, announce }) => {
      await manager.query('update cycles set state = $2, finished_at = $3, failures = $4 where cycle_id = $1', [cycleId, failures.length > 0 ? 'failed' : 'completed', now, JSON.stringify(failures)]);
      const data = { cycleId, reason, ...sums, durationMs: Math.max(0, now.getTime() - startedAt.getTime()) };
      if (dryRun) return;
      if (failures.length > 0) announce({ type: 'cache.cycle-failed.v1', key: 'cache', data: { ...data, failures: [...failures] } });
      else announce({ type: 'cache.cycle-completed.v1', key: 'cache', data });
    });
    return sums;
  }

  private async sums(cycleId: string): Promise<Sums> {
    const [row] = await this.database.across.rows.query<Record<keyof Sums, string>[]>(
      `select coalesce(sum(entries), 0) as entries, coalesce(sum(bytes), 0) as bytes, coalesce(sum(used_bytes), 0) as "usedBytes", coalesce(sum(evicted_entries), 0) as "evictedEntries",
         coalesce(sum(evicted_bytes), 0) as "evictedBytes", coalesce(sum(packed_bytes), 0) as "packedBytes", (select over_bytes from cycles where cycle_id = $1) as "overBytes"
       from cycle_parts where cycle_id = $1`,
      [cycleId],
    );
    const of = (name: keyof Sums): number => Number(row?.[name] ?? 0);
    return { entries: of('entries'), bytes: of('bytes'), usedBytes: of('usedBytes'), evictedEntries: of('evictedEntries'), evictedBytes: of('evictedBytes'), packedBytes: of('packedBytes'), overBytes: of('overBytes') };
  }

  /** Forgets what is too old to be asked for. */
  async prune(): Promise<void> {
    const { rows } = this.database.across;
    await rows.query(`delete from proposals using cycles where cycles.cycle_id = proposals.cycle_id and finished_at < now() - ${PROPOSALS_FOR}`);
    await rows.query(`delete from cycles where finished_at < now() - ${CYCLES_FOR}`);
  }

  /** A cycle as a tenant may see it; the platform sees all. */
  async find(viewer: string, cycleId: string): Promise<CacheCycle | null> {
    const rows = await this.seenBy(viewer).query<CycleRow[]>('select * from cycles where cycle_id = $1', [cycleId]);
    return (await this.withParts(viewer, rows))[0] ?? null;
  }

  async list(viewer: string, before: string | null, limit: number): Promise<CacheCycle[]> {
    const rows = await this.seenBy(viewer).query<CycleRow[]>('select * from cycles where $1::uuid is null or cycle_id < $1 order by cycle_id desc limit $2', [before, limit]);
    return this.withParts(viewer, rows);
  }

  private async withParts(viewer: string, rows: readonly CycleRow[]): Promise<CacheCycle[]> {
    const parts = await this.seenBy(viewer).query<PartRow[]>(`select cycle_id, owner, kind, ${SUMMED} from cycle_parts where cycle_id = any($1) group by cycle_id, owner, kind order by owner, kind`, [rows.map((row) => row.cycle_id)]);
    return rows.map((row) => cycleOf(row, parts.filter((part) => part.cycle_id === row.cycle_id)));
  }

  /** Decisions of a cycle, from a place on. A place is a proposal's number and one of its entries. */
  async decisions(viewer: string, cycleId: string, [number, entry]: readonly [number, number], limit: number): Promise<{ decision: CacheDecision; place: string }[]> {
    const rows = await this.seenBy(viewer).query<{ owner: string; number: number; entry: string; decision: Decision }[]>(
      `select owner, number, entry, decision from proposals cross join lateral jsonb_array_elements(entries) with ordinality as one (decision, entry)
       where cycle_id = $1 and (number, entry) > ($2, $3) order by number, entry limit $4`,
      [cycleId, number, entry, limit],
    );
    return rows.map((row) => ({ decision: { ...row.decision, lastUsedAt: new Date(row.decision.lastUsedAt).toISOString() }, place: `${row.number}.${row.entry}` }));
  }

  /** What the last cycle found over everything, as far as a tenant may see it. */
  async sizes(viewer: string): Promise<{ sizes: CachePart[]; measuredAt: Date | null }> {
    const last = await this.last();
    if (last === null) return { sizes: [], measuredAt: null };
    const parts = await this.seenBy(viewer).query<PartRow[]>(`select cycle_id, owner, kind, ${SUMMED} from cycle_parts where cycle_id = $1 group by cycle_id, owner, kind order by owner, kind`, [last.cycleId]);
    return { sizes: parts.map(partOf), measuredAt: last.finishedAt };
  }

  /** Cycles on record, and what they freed and saved, as far as a tenant may see it. */
  async totals(viewer: string): Promise<{ completed: number; failed: number; freedBytes: number; savedBytes: number }> {
    const rows = this.seenBy(viewer);
    const [cycles] = await rows.query<{ completed: string; failed: string }[]>(`select count(*) filter (where state = 'completed') as completed, count(*) filter (where state = 'failed') as failed from cycles where not dry_run`);
    const [freed] = await rows.query<{ freed: string; saved: string }[]>('select coalesce(sum(evicted_bytes), 0) as freed, coalesce(sum(packed_bytes), 0) as saved from cycle_parts');
    return { completed: Number(cycles?.completed ?? 0), failed: Number(cycles?.failed ?? 0), freedBytes: Number(freed?.freed ?? 0), savedBytes: Number(freed?.saved ?? 0) };
  }

  private seenBy(viewer: string): EntityManager {
    return viewer === PLATFORM_TENANT ? this.database.across.rows : this.database.of(viewer);
  }
}

function cycleOf({ cycle_id: cycleId, tenant, reason, dry_run: dryRun, state, started_at: startedAt, finished_at: finishedAt, policy, over_bytes: overBytes, failures }: CycleRow, parts: readonly PartRow[]): CacheCycle {
  return { cycleId, tenant, reason, dryRun, state, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null, policy, parts: parts.map(partOf), overBytes: Number(overBytes), failures };
}

function partOf(row: PartRow): CachePart {
  return {
    owner: row.owner,
    kind: row.kind,
    entries: Number(row.entries),
    bytes: Number(row.bytes),
    usedEntries: Number(row.used_entries),
    usedBytes: Number(row.used_bytes),
    evictedEntries: Number(row.evicted_entries),
    evictedBytes: Number(row.evicted_bytes),
    packedEntries: Number(row.packed_entries),
    packedBytes: Number(row.packed_bytes),
    sparedEntries: Number(row.spared_entries),
  };
}
