import type { Database } from '@granary/persistence';
import { PLATFORM_TENANT } from '@granary/security';

/** Sums of tallies. */
export interface Tallied {
  readonly first: Date | null;
  readonly last: Date | null;
  readonly objectives: readonly { readonly objective: string; readonly good: number; readonly total: number }[];
}

interface SumRow {
  objective: string;
  good: string;
  total: string;
  first: Date;
  last: Date;
}

/** Reads what services counted for objectives out of the event log. */
export class ObjectiveStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Of the tallies that were stored from `since` until before `until`. One that came twice is one. */
  async sums(since: Date, until: Date): Promise<Tallied> {
    const rows = await this.database.of(PLATFORM_TENANT).query<SumRow[]>(
      `with tally as (
         select distinct on (data ->> 'instance', data ->> 'number') data
         from (select body::jsonb -> 'data' as data from event_log where tenant = $1 and type = 'objective.tallied.v1' and stored_at >= $2 and stored_at < $3) logged
       ), spanned as (
         select count, (data ->> 'from')::timestamptz as begun, (data ->> 'until')::timestamptz as ended from tally, jsonb_array_elements(data -> 'counts') count
       )
       select count ->> 'objective' as objective, sum((count ->> 'good')::bigint) as good, sum((count ->> 'total')::bigint) as total, min(begun) as first, max(ended) as last
       from spanned group by 1 order by 1`,
      [PLATFORM_TENANT, since, until],
    );
    const moments = (pick: (row: SumRow) => Date): number[] => rows.map((row) => pick(row).getTime());
    return {
      first: rows.length === 0 ? null : new Date(Math.min(...moments(({ first }) => first))),
      last: rows.length === 0 ? null : new Date(Math.max(...moments(({ last }) => last))),
      objectives: rows.map(({ objective, good, total }) => ({ objective, good: Number(good), total: Number(total) })),
    };
  }
}
