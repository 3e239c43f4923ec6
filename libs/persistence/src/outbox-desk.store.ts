import type { DeadAnnouncement } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { EntityManager } from 'typeorm';
import { cursorToId } from './cursor';
import type { DatabaseCore } from './database-core';
import { LET_GO, outboxGate } from './outbox.store';
import { sightOf } from './sight';
import { statementsOf } from './statements.client';
import { runUnit } from './unit-of-work.store';

/** Who decides about an announcement, and for whom. */
export interface Decision {
  tenant: string;
  /** The identity that asked, as far as it is known. */
  by: string | null;
  correlationId: string;
}

/** What operators of a tenant do with its announcements that cannot be published. The log keeps every decision. */
export interface OutboxDesk {
  list(tenant: string, filter: { limit?: number; cursor?: string }): Promise<{ dead: DeadAnnouncement[]; next: string | null }>;
  show(tenant: string, id: string): Promise<{ dead: DeadAnnouncement; body: string }>;
  /** Has it published again, and what waits behind it after it. */
  retry(id: string, decision: Decision): Promise<DeadAnnouncement>;
  /** Ends it unpublished and answers what it was; what waits behind it is published. */
  discard(id: string, reason: string, decision: Decision): Promise<{ dead: DeadAnnouncement; body: string }>;
}

interface DeadRow {
  id: string;
  message_id: string;
  lane_key: string;
  subject: string;
  body: string;
  reason: string | null;
  created_at: Date;
  dead_at: Date;
  behind_it: string;
}

/** A page of dead rows after an id, or one row by its id. One reading of the table counts what waits behind all of them. */
const DEAD = `with page as (
                select id, message_id, lane_key, subject, body, reason, created_at, dead_at from outbox
                where dead_at is not null and id > $1 and ($3::bigint is null or id = $3) order by id limit $2
              )
              select page.*, coalesce(behind_it, 0) as behind_it from page left join (
                select lane_key, count(*) as behind_it from outbox where dead_at is null and lane_key in (select lane_key from page) group by lane_key
              ) as waiting using (lane_key) order by id`;

export function createOutboxDesk(core: DatabaseCore): OutboxDesk {
  const { dataSource } = core;
  const decide = async (id: string, { tenant }: Decision, act: (manager: EntityManager) => Promise<unknown>): Promise<DeadRow> => {
    const row = await runUnit(core, sightOf(tenant), async ({ manager }) => {
      await manager.query('select pg_advisory_xact_lock($1)', [outboxGate(core.schema)]);
      const found = await find(manager, id);
      await act(manager);
      await manager.query(LET_GO, [[found.lane_key]]);
      return found;
    });
    core.commits.emit('commit');
    return row;
  };
  return {
    async list(tenant, { limit = 100, cursor }) {
      const rows = await statementsOf(dataSource, sightOf(tenant)).query<DeadRow[]>(DEAD, [cursorToId(cursor), limit + 1, null]);
      const page = rows.slice(0, limit);
      return { dead: page.map(toDead), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
    async show(tenant, id) {
      const row = await find(statementsOf(dataSource, sightOf(tenant)), id);
      return { dead: toDead(row), body: row.body };
    },
    async retry(id, decision) {
      const row = await decide(id, decision, (manager) => manager.query('update outbox set dead_at = null, reason = null where id = $1', [id]));
      core.log.info({ ...known(row), ...decision }, 'an announcement that was refused is published again');
      return toDead(row);
    },
    async discard(id, reason, decision) {
      const row = await decide(id, decision, (manager) => manager.query('delete from outbox where id = $1', [id]));
      core.log.warn({ ...known(row), reason, ...decision }, 'an announcement was discarded unpublished');
      return { dead: toDead(row), body: row.body };
    },
  };
}

async function find(manager: EntityManager, id: string): Promise<DeadRow> {
  const [row] = /^\d{1,18}$/.test(id) ? await manager.query<DeadRow[]>(DEAD, [0, 1, id]) : [];
  if (!row) throw Fault.permanent('not-found', `the outbox has no dead announcement ${id}; it may have been retried or discarded meanwhile: list them again`);
  return row;
}

function known(row: DeadRow) {
  return { messageId: row.message_id, subject: row.subject, refused: row.reason };
}

function toDead(row: DeadRow): DeadAnnouncement {
  const dot = row.lane_key.indexOf('.');
  return {
    id: row.id,
    messageId: row.message_id,
    tenant: row.lane_key.slice(0, dot),
    key: row.lane_key.slice(dot + 1),
    subject: row.subject,
    reason: row.reason ?? '',
    createdAt: row.created_at.toISOString(),
    deadAt: row.dead_at.toISOString(),
    behind: Number(row.behind_it),
  };
}
