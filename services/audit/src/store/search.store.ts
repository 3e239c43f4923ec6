import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import type { Position } from '../record/position';
import type { SearchFilter, Window } from '../search/search';
import { PAGE_COLUMNS, searchQuery, windowOf, windowQuery } from '../search/search';

export interface LoggedMessage {
  position: Position;
  storedAt: Date;
  tenant: string;
  type: string;
  key: string;
  eventId: string;
  /** Null for a message that is no event. */
  correlationId: string | null;
  /** As it was stored. */
  body: string;
}

export interface LogPage {
  messages: LoggedMessage[];
  /** Where the page ended when more follow: the next one's `after`, or `before` in descending order. */
  next: Position | null;
}

interface FoundRow {
  epoch: number;
  sequence: string;
  stored_at: Date;
  tenant: string;
  type: string;
  key: string;
  event_id: string;
  correlation_id: string | null;
  body: string;
  found?: string;
}

/** Reads the event log. */
export class SearchStore {
  constructor(private readonly database: Pick<Database, 'of' | 'across'>) {}

  /** Of one tenant's events. */
  async page(tenant: string, filter: SearchFilter): Promise<LogPage> {
    // Named also for the sake of the index.
    return this.read(this.database.of(tenant), { ...filter, tenant });
  }

  /** Of the events of all tenants, for services that follow the log. */
  async pageAcross(filter: SearchFilter): Promise<LogPage> {
    return this.read(this.database.across.rows, filter);
  }

  /** The newest message of a tenant with this event id. */
  async byEventId(tenant: string, eventId: string): Promise<LoggedMessage | null> {
    // PostgreSQL refuses the character even in a question.
    if (eventId.includes('\0')) return null;
    // Found first and ordered then: before PostgreSQL knows how rare ids are, it would walk the log backwards instead.
    const [row] = await this.database.of(tenant).query<FoundRow[]>(
      `select ${PAGE_COLUMNS} from event_log where (epoch, sequence) =
         (select epoch, sequence from (select epoch, sequence from event_log where event_id = $1 offset 0) found order by epoch desc, sequence desc limit 1)`,
      [eventId],
    );
    return row === undefined ? null : toMessage(row);
  }

  /** All messages with these event ids, without their bodies, in no order. */
  async byEventIds(events: readonly { readonly tenant: string; readonly id: string }[]): Promise<Omit<LoggedMessage, 'body'>[]> {
    const rows = await this.database.across.rows.query<FoundRow[]>(
      `select epoch, sequence, stored_at, log.tenant, type, key, event_id, correlation_id from event_log log
       join unnest($1::text[], $2::text[]) as wanted (tenant, id) on log.event_id = wanted.id and log.tenant = wanted.tenant`,
      [events.map(({ tenant }) => tenant), events.map(({ id }) => id)],
    );
    return rows.map(toMessage);
  }

  /** Where the log goes on behind a position, whatever stands there; null at its end. */
  async nextBehind({ epoch, sequence }: Position): Promise<Position | null> {
    const [row] = await this.database.across.rows.query<{ epoch: number; sequence: string }[]>('select epoch, sequence from event_log where (epoch, sequence) > ($1, $2) order by epoch, sequence limit 1', [epoch, sequence]);
    return row === undefined ? null : { epoch: row.epoch, sequence: Number(row.sequence) };
  }

  private async read(rows: EntityManager, filter: SearchFilter): Promise<LogPage> {
    const window = await this.window(filter);
    if (window === null) return { messages: [], next: null };
    const { text, values } = searchQuery(filter, window);
    const found = await rows.query<FoundRow[]>(text, values);
    const messages = found.slice(0, filter.limit).map(toMessage);
    const more = Number(found[0]?.found ?? 0) > messages.length;
    return { messages, next: more ? (messages.at(-1)?.position ?? null) : null };
  }

  /** Where a time lies in the log is the same for every tenant: asked of one, the index would be walked until one of its events turns up. */
  private async window({ since, until }: SearchFilter): Promise<Window | null> {
    if (since === undefined && until === undefined) return {};
    const { text, values } = windowQuery({ ...(since && { since }), ...(until && { until }) });
    const rows = await this.database.across.rows.query<{ epoch: number; after: string | null; before: string | null }[]>(text, values);
    return windowOf(rows.map(({ epoch, after, before }) => ({ epoch, after: after === null ? null : Number(after), before: before === null ? null : Number(before) })));
  }
}

function toMessage(row: FoundRow): LoggedMessage {
  const { tenant, type, key, body } = row;
  return { position: { epoch: row.epoch, sequence: Number(row.sequence) }, storedAt: row.stored_at, tenant, type, key, eventId: row.event_id, correlationId: row.correlation_id, body };
}
