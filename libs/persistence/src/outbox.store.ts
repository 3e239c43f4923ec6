import type { Outbox, OutboxLeadership, OutboxRow } from '@granary/messaging';
import type { Client } from 'pg';
import { lockNumber } from './advisory-lock';
import { burstSocket } from './burst-socket.client';
import type { DatabaseCore } from './database-core';

/** The outbox of a schema. Its leader is whoever holds the advisory lock, which lives and dies with a connection. */
export function createOutbox(core: DatabaseCore): Outbox {
  return {
    async lead() {
      const client = await core.dedicatedAcross('relay', { ...core.limits, pipeline: true, stream: burstSocket });
      let leads = false;
      try {
        const { rows } = await client.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [lockNumber('relay', core.schema)]);
        leads = rows[0]?.leads === true;
        // A lost delete only repeats a publication, so it need not wait for the disk.
        if (leads) await client.query('set synchronous_commit = off');
        return leads ? leadership(client, outboxGate(core.schema), await takeStock(client)) : null;
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

/** The lock under which keys are stopped and let go: a row must not be put behind a dead one that is being released. */
export const outboxGate = (schema: string): string => lockNumber('outbox gate', schema);

/** Reads through the index of rows that are neither dead nor behind, however many of those there are. */
export const WAITING = `select id, message_id, lane_key, subject, body from outbox where dead_at is null and not behind order by id limit $1`;

interface WaitingRow {
  id: string;
  message_id: string;
  lane_key: string;
  subject: string;
  body: string;
}

/** Ends the waiting of what waits behind no dead row any more. */
export const LET_GO = `update outbox set behind = false where behind and lane_key = any($1::text[]) and lane_key not in (select lane_key from outbox where dead_at is not null)`;

/** @param dead keys with a dead row. Only this leader adds to them; they are read again when a row of one of them turns up. */
function leadership(client: Client, gate: string, dead: Set<string>): OutboxLeadership {
  const lost = new AbortController();
  client.once('error', () => lost.abort());
  client.once('end', () => lost.abort());
  let removal: Promise<unknown> = Promise.resolve();
  return {
    lost: lost.signal,
    async waiting(limit) {
      for (;;) {
        const [{ rows }] = await Promise.all([client.query<WaitingRow>({ name: 'outbox-waiting', text: WAITING, values: [limit] }), removal]);
        const stopped = rows.filter((row) => dead.has(row.lane_key));
        if (stopped.length > 0) dead = await putBehind(client, gate, stopped);
        const ready = rows.filter((row) => !dead.has(row.lane_key));
        if (ready.length > 0 || stopped.length === 0) return ready.map(toOutboxRow);
      }
    },
    /** Answers at once: the next read follows on the same connection, does not see the rows any more, and fails when this does. */
    async remove(ids) {
      removal = client.query({ name: 'outbox-remove', text: 'delete from outbox where id = any($1::bigint[])', values: [ids] });
      removal.catch(() => undefined);
    },
    async markDead(id, reason) {
      const { rows } = await client.query<{ lane_key: string }>('update outbox set dead_at = clock_timestamp(), reason = $2 where id = $1 returning lane_key', [id, reason]);
      for (const row of rows) dead.add(row.lane_key);
    },
    async stats() {
      dead = await letGo(client, gate, dead);
      const { rows } = await client.query<{ waiting: string; dead: string; age: string | null }>(
        `select count(*) filter (where dead_at is null) as waiting, count(*) filter (where dead_at is not null) as dead,
                extract(epoch from clock_timestamp() - min(created_at) filter (where dead_at is null)) as age from outbox`,
      );
      const row = rows[0];
      return { waiting: Number(row?.waiting ?? 0), dead: Number(row?.dead ?? 0), oldestAgeSeconds: Number(row?.age ?? 0) };
    },
    async release() {
      await removal.catch(() => undefined);
      await client.end();
    },
  };
}

const toOutboxRow = (row: WaitingRow): OutboxRow => ({ id: row.id, messageId: row.message_id, laneKey: row.lane_key, subject: row.subject, body: row.body });

/** What was mended by hand while nobody led is let go. */
async function takeStock(client: Client): Promise<Set<string>> {
  await client.query('update outbox set behind = false where behind and lane_key not in (select lane_key from outbox where dead_at is not null)');
  return deadKeys(client);
}

/** Lets go what waits behind rows that somebody has removed by hand, and answers the keys that have a dead row now. */
async function letGo(client: Client, gate: string, before: ReadonlySet<string>): Promise<Set<string>> {
  const keys = await deadKeys(client);
  const mended = [...before].filter((key) => !keys.has(key));
  if (mended.length > 0) await Promise.all([client.query('begin'), client.query('select pg_advisory_xact_lock($1)', [gate]), client.query(LET_GO, [mended]), client.query('commit')]);
  return keys;
}

/** Puts rows behind the dead one of their key, if it is still there, and answers the keys that have one now. */
async function putBehind(client: Client, gate: string, rows: readonly WaitingRow[]): Promise<Set<string>> {
  const [, , , keys] = await Promise.all([
    client.query('begin'),
    client.query('select pg_advisory_xact_lock($1)', [gate]),
    client.query('update outbox set behind = true where id = any($1::bigint[]) and lane_key in (select lane_key from outbox where dead_at is not null)', [rows.map((row) => row.id)]),
    deadKeys(client),
    client.query('commit'),
  ]);
  return keys;
}

async function deadKeys(client: Client): Promise<Set<string>> {
  const { rows } = await client.query<{ lane_key: string }>('select distinct lane_key from outbox where dead_at is not null');
  return new Set(rows.map((row) => row.lane_key));
}
