import type { Envelope } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { laneKey } from '@granary/messaging';
import type { Cause, HeldDesk, HeldEvent, HeldEvents, HeldRecord, HeldState, HoldRequest, Lease, RedriveSelection } from '@granary/messaging';
import type { EntityManager } from 'typeorm';
import { cursorToId } from './cursor';
import type { DatabaseCore } from './database-core';
import { fence } from './fence.store';
import { EVERY_TENANT, sightOf } from './sight';
import type { Sight } from './sight';
import { statementsOf } from './statements.client';
import { runUnit } from './unit-of-work.store';
import type { Transaction } from './unit-of-work.store';

interface HeldRow {
  held_id: string;
  consumer: string;
  partition_group: number;
  run: string;
  tenant: string;
  key: string;
  position: string;
  source: string;
  event_id: string;
  event_type: string;
  state: HeldState;
  attempts: number;
  next_at: Date | null;
  code: string;
  message: string;
  correlation_id: string;
  body: string;
  held_at: Date;
}

export function createHeldStore(core: DatabaseCore): { events: HeldEvents; desk: HeldDesk } {
  return { events: createHeldEvents(core), desk: createHeldDesk(core) };
}

function createHeldEvents(core: DatabaseCore): HeldEvents {
  // A partition group has the events of all tenants, and so has who works through it.
  const rowsOfAll = statementsOf(core.dataSource, EVERY_TENANT);
  return {
    async keys({ consumer, group }) {
      const rows = await rowsOfAll.query<{ tenant: string; key: string }[]>('select distinct tenant, key from held_events where consumer = $1 and partition_group = $2', [consumer, group]);
      return rows.map((row) => laneKey(row.tenant, row.key));
    },
    async due({ consumer, group }, now, limit) {
      const rows = await rowsOfAll.query<{ tenant: string; key: string }[]>(
        `select tenant, key from held_events where consumer = $1 and partition_group = $2 and state = 'held' and next_at <= $3 order by next_at limit $4`,
        [consumer, group, now, limit],
      );
      return [...new Set(rows.map((row) => laneKey(row.tenant, row.key)))];
    },
    hold: (request) => fenced(core, request.lease, sightOf(request.tenant), (transaction) => holdAll(transaction, [request])),
    async holdAll(requests) {
      const [first] = requests;
      if (first) await fenced(core, first.lease, sightOf(first.tenant), (transaction) => holdAll(transaction, requests));
    },
    async head(id, tenant, key) {
      const [row] = await statementsOf(core.dataSource, sightOf(tenant)).query<HeldRow[]>('select * from held_events where consumer = $1 and tenant = $2 and key = $3 order by held_id limit 1', [id.consumer, tenant, key]);
      return row ? toHeldEvent(row) : null;
    },
    async beginAttempt(lease, heldId, retryAt) {
      return fenced(core, lease, EVERY_TENANT, async ({ manager }) => {
        const [rows] = await manager.query<[{ attempts: number }[], number]>(`update held_events set attempts = attempts + 1, state = 'held', next_at = $2 where held_id = $1 returning attempts`, [heldId, retryAt]);
        const [row] = rows;
        if (!row) throw Fault.transient('held-event-gone', 'the held event was discarded before its attempt began');
        return row.attempts;
      });
    },
    fail: (lease, failure) =>
      fenced(core, lease, EVERY_TENANT, async (transaction) => {
        const [rows] = await transaction.manager.query<[HeldRow[], number]>(`update held_events set state = $2, next_at = $3, code = $4, message = $5, attempts = $6 where held_id = $1 returning *`, [
          failure.heldId,
          failure.state,
          failure.nextAt,
          failure.code,
          storable(failure.message),
          failure.attempts,
        ]);
        const row = rows[0];
        if (row && failure.state === 'dead') announceHeld(transaction, row);
      }),
    async finish(lease, heldId) {
      await fenced(core, lease, EVERY_TENANT, ({ manager }) => manager.query('delete from held_events where held_id = $1', [heldId]));
    },
  };
}

/** A transaction that only the owner of the partition group may commit. */
function fenced<R>(core: DatabaseCore, lease: Lease, sight: Sight, work: (transaction: Transaction) => Promise<R>): Promise<R> {
  return runUnit(core, sight, async (transaction) => {
    await fence((sql, values) => transaction.manager.query(sql, values), lease);
    return work(transaction);
  });
}

/** Rows of one statement at most; an event may have 64 KiB. */
const AT_ONCE = 256;

/** Holds events of one key behind each other. */
async function holdAll(transaction: Transaction, requests: readonly HoldRequest[]): Promise<void> {
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    for (const row of await insertHeld(transaction.manager, requests.slice(from, from + AT_ONCE))) if (row.state === 'dead') announceHeld(transaction, row);
  }
}

/**
 * An event waits behind another one. When that was discarded meanwhile, nobody would wake what waits, so the first of
 * them is due itself. The lock makes a discard that is under way end first, and a later one see what waits.
 */
async function hasAhead(manager: EntityManager, { lease, tenant, key }: HoldRequest): Promise<boolean> {
  const ahead = await manager.query<unknown[]>('select 1 from held_events where consumer = $1 and tenant = $2 and key = $3 order by held_id limit 1 for share', [lease.consumer, tenant, key]);
  return ahead.length > 0;
}

/** Answers the rows that are new: numbers are given in the order of the requests. */
async function insertHeld(manager: EntityManager, requests: readonly HoldRequest[]): Promise<HeldRow[]> {
  const [first] = requests;
  if (!first) return [];
  const { lease, tenant, key } = first;
  const behind = requests.some(({ state }) => state === 'waiting') && (await hasAhead(manager, first));
  const known = requests.map(({ event, position }) => identityOf(event, position));
  return manager.query<HeldRow[]>(
    `with fresh as (
       select * from unnest($6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], $17::text[])
         with ordinality as asked (run, position, source, event_id, event_type, state, attempts, next_at, code, message, correlation_id, body, place)
       -- A discarded event has an inbox row: its redelivery is not held again. Looked up one by one, by the key of the inbox, however large that is.
       where (select true from inbox where consumer = $1 and inbox.run = asked.run and tenant = $3 and inbox.source = asked.source and inbox.event_id = asked.event_id) is null
     ), placed as (
       select *, state = 'waiting' and not $5::boolean and place = min(place) over () as leads from fresh
     )
     insert into held_events (consumer, partition_group, run, tenant, key, position, source, event_id, event_type, state, attempts, next_at, code, message, correlation_id, body)
     select $1, $2::int, run, $3, $4::text, position, source, event_id, event_type, case when leads then 'held' else state end, attempts, case when leads then to_timestamp(0) else next_at end, code, message, correlation_id, body
     from placed order by place
     on conflict do nothing returning *`,
    [
      lease.consumer,
      lease.group,
      tenant,
      key,
      behind,
      requests.map(({ run }) => run),
      requests.map(({ position }) => position),
      known.map(({ source }) => source),
      known.map(({ id }) => id),
      known.map(({ type }) => type),
      requests.map(({ state }) => state),
      requests.map(({ attempts }) => attempts),
      requests.map(({ nextAt }) => nextAt),
      requests.map(({ code }) => code),
      requests.map(({ message }) => storable(message)),
      known.map(({ correlationId }) => correlationId),
      requests.map(({ body }) => storable(body)),
    ],
  );
}

/** PostgreSQL's text takes every character but one. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}

/** What cannot be read as an event is known by its place. */
function identityOf(event: Envelope | null, position: number): { source: string; id: string; type: string; correlationId: string } {
  if (event) return { source: event.source, id: event.id, type: event.type, correlationId: event.correlationid };
  const place = `unreadable-${position}`;
  return { source: 'unknown', id: place, type: 'unreadable', correlationId: place };
}

function announceHeld(transaction: Transaction, row: HeldRow): void {
  transaction.for(causeOf(row)).announce({ type: 'consumer.held.v1', key: row.key, data: consumerData(row) });
}

function causeOf(row: HeldRow, cause?: Cause): Cause {
  return { tenant: row.tenant, correlationId: cause?.correlationId ?? row.correlation_id, causationId: row.event_id };
}

function consumerData(row: HeldRow) {
  return { consumer: row.consumer, eventId: row.event_id, eventType: row.event_type, eventSource: row.source, position: Number(row.position), attempts: row.attempts, code: row.code, message: row.message };
}

function createHeldDesk(core: DatabaseCore): HeldDesk {
  const { dataSource } = core;
  return {
    async list(tenant, { consumer, tenant: wanted, state, limit = 100, cursor }) {
      const rows = await statementsOf(dataSource, sightOf(tenant)).query<HeldRow[]>(
        `select * from held_events
         where tenant = $1 and ($2::text is null or tenant = $2) and ($3::text is null or consumer = $3) and ($4::text is null or state = $4) and held_id > $5
         order by held_id limit $6`,
        [tenant, wanted ?? null, consumer ?? null, state ?? null, cursorToId(cursor), limit + 1],
      );
      const page = rows.slice(0, limit);
      return { held: page.map(toRecord), next: rows.length > limit ? (page.at(-1)?.held_id ?? null) : null };
    },
    async show(tenant, consumer, position) {
      const row = await find(statementsOf(dataSource, sightOf(tenant)), consumer, position);
      return { held: toRecord(row), body: row.body };
    },
    redrive: (selection, cause) => runUnit(core, sightOf(cause.tenant), (transaction) => redrive(transaction, selection, cause)),
    discard: (consumer, position, reason, cause) => runUnit(core, sightOf(cause.tenant), (transaction) => discard(transaction, { consumer, position, reason, cause })),
    async counts() {
      const rows = await statementsOf(dataSource, EVERY_TENANT).query<{ consumer: string; state: HeldState; count: string }[]>('select consumer, state, count(*) from held_events group by consumer, state');
      return rows.map((row) => ({ ...row, count: Number(row.count) }));
    },
  };
}

async function redrive(transaction: Transaction, selection: RedriveSelection, cause: Cause): Promise<number> {
  const { consumer, position, key, all } = selection;
  if (position === undefined && key === undefined && all !== true) throw Fault.permanent('nothing-selected', 'say which held events to redrive: a position, a key, or all');
  if (position !== undefined) await find(transaction.manager, consumer, position);
  // Events behind another one follow by themselves once it is through.
  const [rows] = await transaction.manager.query<[HeldRow[], number]>(
    `update held_events set state = 'held', attempts = 0, next_at = clock_timestamp()
     where held_id in (
       select held_id from held_events
       where consumer = $1 and state in ('dead', 'held') and ($2::bigint is null or position = $2) and ($3::text is null or key = $3)
       -- In the order in which a transaction of the inbox takes them.
       order by held_id for update
     ) returning *`,
    [consumer, position ?? null, key ?? null],
  );
  for (const row of rows) transaction.for(causeOf(row, cause)).announce({ type: 'consumer.redriven.v1', key: row.key, data: consumerData(row) });
  return rows.length;
}

async function discard(transaction: Transaction, { consumer, position, reason, cause }: { consumer: string; position: number; reason: string; cause: Cause }): Promise<HeldRecord> {
  const { manager } = transaction;
  const row = await find(manager, consumer, position);
  await manager.query('delete from held_events where held_id = $1', [row.held_id]);
  // So that a redelivery of the discarded event does nothing.
  await manager.query('insert into inbox (consumer, run, tenant, source, event_id) values ($1, $2, $3, $4, $5) on conflict do nothing', [row.consumer, row.run, row.tenant, row.source, row.event_id]);
  await manager.query(
    `update held_events set state = 'held', next_at = clock_timestamp()
     where state = 'waiting' and held_id = (select min(held_id) from held_events where consumer = $1 and tenant = $2 and key = $3)`,
    [row.consumer, row.tenant, row.key],
  );
  transaction.for(causeOf(row, cause)).announce({ type: 'consumer.discarded.v1', key: row.key, data: { ...consumerData(row), message: reason } });
  return toRecord(row);
}

async function find(manager: EntityManager, consumer: string, position: number): Promise<HeldRow> {
  const [row] = await manager.query<HeldRow[]>('select * from held_events where consumer = $1 and position = $2 for update', [consumer, position]);
  if (!row) throw Fault.permanent('not-found', `consumer ${consumer} holds no event at position ${position}; 'granary held list' shows what is held`);
  return row;
}

function toHeldEvent(row: HeldRow): HeldEvent {
  return { heldId: row.held_id, run: row.run, tenant: row.tenant, key: row.key, position: Number(row.position), state: row.state, attempts: row.attempts, nextAt: row.next_at, body: row.body };
}

function toRecord(row: HeldRow): HeldRecord {
  return {
    consumer: row.consumer,
    tenant: row.tenant,
    key: row.key,
    position: Number(row.position),
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at?.toISOString() ?? null,
    code: row.code,
    message: row.message,
    eventId: row.event_id,
    eventType: row.event_type,
    heldAt: row.held_at.toISOString(),
  };
}
