import type { Outbox, OutboxLeadership, OutboxRow } from '@granary/messaging';
import type { Client } from 'pg';
import { lockNumber } from './advisory-lock';
import type { DatabaseCore } from './database-core';

/** The outbox of a schema. Its leader is whoever holds the advisory lock, which lives and dies with a connection. */
export function createOutbox(core: DatabaseCore): Outbox {
  return {
    async lead() {
      const client = await core.dedicated('relay');
      let leads = false;
      try {
        const { rows } = await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [lockNumber('relay', core.schema)]);
        leads = rows[0]?.leads === true;
        // A lost delete only repeats a publication, so it need not wait for the disk.
        if (leads) await client.query('set synchronous_commit = off');
        return leads ? leadership(client) : null;
      } finally {
        if (!leads) await client.end();
      }
    },
    onCommit(listener) {
      core.commits.on('commit', listener);
      return () => core.commits.off('commit', listener);
    },
  };
}

function leadership(client: Client): OutboxLeadership {
  const lost = new AbortController();
  client.once('error', () => lost.abort());
  client.once('end', () => lost.abort());
  return {
    lost: lost.signal,
    async waiting(limit) {
      const { rows } = await client.query<{ id: string; message_id: string; lane_key: string; subject: string; body: string }>({
        name: 'outbox-waiting',
        text: `select id, message_id, lane_key, subject, body from outbox
               where dead_at is null and lane_key not in (select lane_key from outbox where dead_at is not null)
               order by id limit $1`,
        values: [limit],
      });
      return rows.map((row): OutboxRow => ({ id: row.id, messageId: row.message_id, laneKey: row.lane_key, subject: row.subject, body: row.body }));
    },
    async remove(ids) {
      await client.query({ name: 'outbox-remove', text: 'delete from outbox where id = any($1::bigint[])', values: [ids] });
    },
    async markDead(id, reason) {
      await client.query('update outbox set dead_at = clock_timestamp(), reason = $2 where id = $1', [id, reason]);
    },
    async stats() {
      const { rows } = await client.query<{ waiting: string; dead: string; age: string | null }>(
        `select count(*) filter (where dead_at is null) as waiting, count(*) filter (where dead_at is not null) as dead,
                extract(epoch from clock_timestamp() - min(created_at) filter (where dead_at is null)) as age from outbox`,
      );
      const row = rows[0];
      return { waiting: Number(row?.waiting ?? 0), dead: Number(row?.dead ?? 0), oldestAgeSeconds: Number(row?.age ?? 0) };
    },
    release: () => client.end(),
  };
}
