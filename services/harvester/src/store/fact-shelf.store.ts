import type { CacheEntry, CacheOutcome, CacheTarget } from '@granary/contracts';
import { outcomeOf } from '@granary/messaging';
import type { Shelf } from '@granary/messaging';
import type { Database } from '@granary/persistence';

// What a row takes beside body and findings, about.
const ROW_BYTES = 200;
const BYTES = `(octet_length(body) + coalesce(octet_length(findings), 0) + ${ROW_BYTES})`;
const DAY = `(last_used_at at time zone 'utc')::date`;

/**
 * Until when facts of a tenant must have been used last to be needed by no newest commit. Those of a repository were all
 * seen to be in use when it was marked, or within the day before; null while one of them was never marked.
 */
const UNUSED_UNTIL = `
  select case when count(*) = count(facts_marked_at) then coalesce(min(facts_marked_at), now()) - interval '1 day' end as until, count(*) > count(facts_marked_at) as unknown
  from repositories where repositories.tenant = kept.tenant and state = 'active' and harvested_commit is not null`;

const AT_ONCE = 5_000;
// Well below what callers wait for.
const LONGEST_MS = 20_000;

interface Row {
  tenant: string;
  day: string;
  facts: string;
  bytes: string;
  first_used: Date;
  last_used: Date;
  unused: boolean;
  unknown: boolean;
}

/**
 * Facts as a cache: an entry is what was used last on one day, because there are too many facts to name each. What the newest
 * commits of active repositories need is in use, and was used a day ago at most or is marked every day.
 */
export function factShelf({ across: { rows } }: Pick<Database, 'across'>, now: () => Date): Shelf {
  const evictDay = async (target: CacheTarget): Promise<CacheOutcome> => {
    const until = now().getTime() + LONGEST_MS;
    for (let bytes = 0, facts = 0; ; ) {
      const [gone] = await rows.query<{ facts: number; bytes: string | null }[]>(
        `with unused as (${UNUSED_UNTIL.replace('kept.tenant', '$1')}),
         gone as (
           delete from facts using unused where ctid = any(array(
             select ctid from facts where tenant = $1 and last_used_at >= $2::date at time zone 'utc' and last_used_at < ($2::date + 1) at time zone 'utc'
               and last_used_at < (select until from unused) limit ${AT_ONCE}))
             and last_used_at < until returning ${BYTES} as bytes)
         select count(*)::int as facts, sum(bytes) as bytes from gone`,
        [target.tenant, target.id],
      );
      facts += gone?.facts ?? 0;
      bytes += Number(gone?.bytes ?? 0);
      if ((gone?.facts ?? 0) < AT_ONCE) return facts > 0 ? outcomeOf(target, 'evicted', { bytes }) : outcomeOf(target, 'in-use', { why: 'files of newest commits need them, or they are gone already' });
      if (now().getTime() > until) return outcomeOf(target, 'deferred', { bytes, why: `${facts} facts are gone, and the rest goes next time` });
    }
  };
  return {
    kind: 'facts',
    async list(after, limit) {
      const [tenant = '', day = '-infinity'] = after?.split(' ') ?? [];
      const found = await rows.query<Row[]>(
        `select kept.*, coalesce(last_used < until, false) as unused, unknown from (
           select tenant, ${DAY}::text as day, count(*) as facts, sum(${BYTES}) as bytes, min(last_used_at) as first_used, max(last_used_at) as last_used
           from facts where (tenant, ${DAY}) > ($1, $2::date) group by tenant, ${DAY} order by tenant, ${DAY} limit $3) as kept
         cross join lateral (${UNUSED_UNTIL}) as unused order by tenant, day`,
        [tenant, day, limit],
      );
      const last = found.at(-1);
      return { entries: found.map(entryOf), after: last !== undefined && found.length === limit ? `${last.tenant} ${last.day}` : null };
    },
    async evict(targets) {
      const outcomes: CacheOutcome[] = [];
      for (const target of targets) outcomes.push(await evictDay(target));
      return outcomes;
    },
  };
}

function entryOf({ tenant, day, facts, bytes, first_used: first, last_used: last, unused, unknown }: Row): CacheEntry {
  const why = unknown ? 'it is not known yet what the newest commits of all repositories need' : 'files of newest commits need some of them';
  return { tenant, kind: 'facts', id: day, what: `${facts} facts last used on ${day}`, bytes: Number(bytes), contentBytes: Number(bytes), createdAt: first.toISOString(), lastUsedAt: last.toISOString(), compression: 'fast', lasting: false, inUse: unused ? null : why };
}
