import type { AiRecord } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { UnpricedReason, Usage } from '../models/price';
import type { Days } from '../models/period';
import type { RecordFilter, RecordPage } from '../models/search-records';
import { recordQuery } from '../models/search-records';
import { groupQuery, type Dimension, type MeasureRow, type SumFilter } from '../models/group';
import type { Position } from '../record/position';

/** A record as it is kept. */
export interface KeptRecord {
  readonly record: AiRecord;
  readonly usage: Usage;
  readonly storedAt: Date;
  readonly detail: Record<string, unknown>;
}

export interface GroupRow extends MeasureRow {
  readonly key: Readonly<Partial<Record<Dimension, string>>>;
}

interface RecordRow {
  epoch: number;
  sequence: string;
  stored_at: Date;
  source: string;
  event_id: string;
  type: AiRecord['type'];
  kind: AiRecord['kind'];
  key: string;
  correlation_id: string;
  provider: string | null;
  model: string | null;
  operation: string | null;
  outcome: string;
  risk: AiRecord['risk'];
  score: number | null;
  repository_id: string | null;
  invocation_id: string | null;
  latency_ms: string | null;
  items: string | null;
  usage: Usage;
  cost: string | null;
  unpriced: UnpricedReason | null;
  price_table: string | null;
  reported: string | null;
  detail: Record<string, unknown>;
}

// An answer has to fit one message; some thousand hostile kinds of tokens must not keep it from that.
const MOST_RELATED = 100;
const MOST_KINDS = 64;

/** Reads the AI audit of one tenant. */
export class AiReadStore {
  constructor(private readonly database: Pick<Database, 'of' | 'dataSource'>) {}

  async search(tenant: string, filter: RecordFilter, page: RecordPage): Promise<AiRecord[]> {
    const { text, values } = recordQuery(tenant, filter, page);
    return (await this.database.of(tenant).query<RecordRow[]>(text, values)).map(asRecord);
  }

  /** The newest record of an event id. */
  async record(tenant: string, eventId: string): Promise<KeptRecord | null> {
    // PostgreSQL refuses the character even in a question.
    if (eventId.includes('\0')) return null;
    const [row] = await this.database.of(tenant).query<RecordRow[]>('select * from ai_record where tenant = $1 and event_id = $2 order by epoch desc, sequence desc limit 1', [tenant, eventId]);
    return row === undefined ? null : { record: asRecord(row), usage: row.usage, storedAt: row.stored_at, detail: row.detail };
  }

  /** Other records about the same call of a model, as that agent platform names it. */
  async related(tenant: string, { invocationId, source, eventId }: Pick<AiRecord, 'invocationId' | 'source' | 'eventId'>, among: readonly string[] | null): Promise<AiRecord[]> {
    if (invocationId === null) return [];
    const rows = await this.database.of(tenant).query<RecordRow[]>(
      `select * from ai_record where tenant = $1 and invocation_id = $2 and not (source = $3 and event_id = $4) and ($5::text[] is null or repository_id = any($5)) order by epoch, sequence limit ${MOST_RELATED}`,
      [tenant, invocationId, source, eventId, among],
    );
    return rows.map(asRecord);
  }

  /** Sums of days, by these dimensions; the whole as one row without any. */
  async groups(tenant: string, days: Days, by: readonly Dimension[], filter: SumFilter, limit: number): Promise<GroupRow[]> {
    const { text, values } = groupQuery(tenant, days, by, filter, limit);
    const rows = await this.database.of(tenant).query<(MeasureRow & Record<string, string>)[]>(text, values);
    return rows.map((row) => ({ ...row, key: Object.fromEntries(by.map((dimension) => [dimension, row[`by_${dimension}`] as string])) }));
  }

  /** How often something was, by its label without the beginning; those that were most often first. */
  async labels(tenant: string, { from, to }: Days, kind: AiRecord['kind'], beginning: string, limit: number): Promise<{ label: string; count: bigint }[]> {
    const rows = await this.database.of(tenant).query<{ label: string; count: string }[]>(
      `select label, sum(count) as count from ai_label where tenant = $1 and day between $2 and $3 and kind = $4 and starts_with(label, $5) group by label having sum(count) > 0 order by 2 desc, 1 limit $6`,
      [tenant, from, to, kind, beginning, limit],
    );
    return rows.map(({ label, count }) => ({ label: label.slice(beginning.length), count: BigInt(count) }));
  }

  /** Calls of these days that a safety check names. */
  async checkedCalls(tenant: string, since: Date, until: Date): Promise<bigint> {
    const [row] = await this.database.of(tenant).query<{ calls: string }[]>(
      `select count(*) as calls from ai_record as call where tenant = $1 and kind = 'invocation' and stored_at >= $2 and stored_at < $3
         and exists (select 1 from ai_record as safety where safety.tenant = $1 and safety.invocation_id = call.invocation_id and safety.kind = 'safety-check')`,
      [tenant, since, until],
    );
    return BigInt(row?.calls ?? 0);
  }

  /** Everything that the stream stored until then is in here; null when nothing was read yet. */
  async readUpTo(): Promise<Date | null> {
    const [row] = await this.database.dataSource.query<{ read_up_to: Date | null }[]>('select read_up_to from ai_cursor');
    return row?.read_up_to ?? null;
  }
}

function asRecord(row: RecordRow): AiRecord {
  return {
    position: positionOf(row),
    eventId: row.event_id, type: row.type, kind: row.kind, storedAt: row.stored_at.toISOString(), key: row.key, correlationId: row.correlation_id, source: row.source,
    provider: row.provider, model: row.model, operation: row.operation, outcome: row.outcome, risk: row.risk, score: row.score,
    repositoryId: row.repository_id, invocationId: row.invocation_id, latencyMs: numberOrNull(row.latency_ms), items: numberOrNull(row.items),
    tokens: Object.entries(row.usage).slice(0, MOST_KINDS).map(([kind, tokens]) => ({ kind, tokens })),
    cost: row.kind === 'invocation' ? { nanoDollars: row.cost, priceTable: row.price_table, unpriced: row.unpriced, reportedNanoDollars: row.reported } : null,
  };
}

const positionOf = ({ epoch, sequence }: RecordRow): Position => ({ epoch, sequence: Number(sequence) });
const numberOrNull = (text: string | null): number | null => (text === null ? null : Number(text));
