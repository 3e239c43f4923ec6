import type { HandledEvents } from '@granary/messaging';
import type { DatabaseCore } from './database-core';
import { EVERY_TENANT } from './sight';
import { statementsOf } from './statements.client';

/** What is older has left the stream, or been handled so long ago that the inbox has forgotten it. */
export const FORGOTTEN_AFTER_DAYS = 15;

/** Tells from the inbox, and from what is held, which events a service still has to handle. */
export function createHandled({ dataSource, now }: DatabaseCore): HandledEvents {
  return {
    async unhandled(source, events) {
      const since = now().getTime() - FORGOTTEN_AFTER_DAYS * 86_400_000;
      const rows = await statementsOf(dataSource, EVERY_TENANT).query<{ id: string }[]>(
        `select distinct id from unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) as event (consumer, tenant, id, recent)
         where exists (select 1 from held_events held where held.consumer = event.consumer and held.tenant = event.tenant and held.source = $5 and held.event_id = event.id)
            or recent and not exists (select 1 from inbox where inbox.consumer = event.consumer and run = 'live' and inbox.tenant = event.tenant and inbox.source = $5 and inbox.event_id = event.id)`,
        [events.map(({ consumer }) => consumer), events.map(({ tenant }) => tenant), events.map(({ id }) => id), events.map(({ id }) => timeOf(id) > since), source],
      );
      return rows.map(({ id }) => id);
    },
  };
}

/** A UUID of version 7 begins with its time in milliseconds. */
const timeOf = (id: string): number => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
