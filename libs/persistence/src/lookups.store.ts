import type { CacheLookups } from '@granary/contracts';
import type { Lookups } from '@granary/messaging';
import type { Database } from './database.client';

/** Days that are kept. */
const DAYS = 90;

type Counted = Pick<CacheLookups, 'tenant' | 'kind' | 'hits' | 'misses'>;

/** Lookups by day, of all replicas together; each adds what it counted when it flushes. */
export function createLookups({ across: { rows } }: Pick<Database, 'across'>): Lookups {
  let counted = new Map<string, Counted>();
  return {
    count(tenant, kind, { hits = 0, misses = 0 }) {
      const sum = counted.get(`${tenant} ${kind}`) ?? { tenant, kind, hits: 0, misses: 0 };
      counted.set(`${tenant} ${kind}`, { tenant, kind, hits: sum.hits + hits, misses: sum.misses + misses });
    },
    async flush() {
      if (counted.size === 0) return;
      const flushed = [...counted.values()];
      counted = new Map();
      await rows.query(
        `insert into cache_lookups (tenant, kind, day, hits, misses)
         select tenant, kind, (now() at time zone 'utc')::date, hits, misses from jsonb_to_recordset($1) as row (tenant text, kind text, hits bigint, misses bigint)
         on conflict (tenant, kind, day) do update set hits = cache_lookups.hits + excluded.hits, misses = cache_lookups.misses + excluded.misses`,
        [JSON.stringify(flushed)],
      );
      await rows.query(`delete from cache_lookups where day < (now() at time zone 'utc')::date - $1::int`, [DAYS]);
    },
    async read(days) {
      const sums = await rows.query<{ tenant: string; kind: CacheLookups['kind']; hits: string; misses: string }[]>(
        `select tenant, kind, sum(hits) as hits, sum(misses) as misses from cache_lookups where day > (now() at time zone 'utc')::date - $1::int group by tenant, kind order by tenant, kind`,
        [days],
      );
      return sums.map(({ tenant, kind, hits, misses }) => ({ tenant, kind, hits: Number(hits), misses: Number(misses) }));
    },
  };
}
