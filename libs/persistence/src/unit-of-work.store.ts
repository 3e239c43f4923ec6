import { checkEvent, publishSubject } from '@granary/contracts';
import type { Envelope, EventType } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createEnvelope, laneKey, messageId } from '@granary/messaging';
import type { Announcement, Cause, UnitOfWork } from '@granary/messaging';
import { currentContext, injectTraceparent, SpanKind, withInnerSpan, writeBaggage } from '@granary/observability';
import type { QueryConfig, QueryResultRow } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { inLockOrder, lockNumber } from './advisory-lock';
import type { DatabaseCore } from './database-core';
import { EVERY_TENANT, sightOf } from './sight';
import type { Sight } from './sight';
import { beginTransaction, INSIDE } from './transaction.client';
import type { OpenTransaction, TransactionRules } from './transaction.client';

/** What one part of a transaction collects; a transaction may have many parts, each with its own cause. */
interface Waiting {
  messageId: string;
  laneKey: string;
  subject: string;
  body: string;
}

export interface Transaction {
  readonly manager: EntityManager;
  /** Resolves once the transaction is open. What is sent before stands behind its `begin`. */
  readonly begun: Promise<unknown>;
  /** A statement of the event path, straight to the driver; one with a name is prepared once for each connection. */
  query<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]>;
  /** A unit of work whose announcements carry this cause, and which sees what the transaction sees. */
  for(cause: Cause): UnitOfWork;
  /** The same, but it sees the cause's tenant alone, whoever else shares the transaction. */
  within(cause: Cause): UnitOfWork;
}

/** A transaction of one tenant, that of the cause. */
export async function withinTenant<R>(core: DatabaseCore, cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
  return inSpan(core, () => runUnit(core, sightOf(cause.tenant), (transaction) => work(transaction.within(cause))));
}

/** A transaction that sees and writes what belongs to any tenant. */
export async function acrossTenants<R>(core: DatabaseCore, cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
  return inSpan(core, () => runUnit(core, EVERY_TENANT, (transaction) => work(transaction.for(cause))));
}

const inSpan = <R>({ schema }: DatabaseCore, transaction: () => Promise<R>): Promise<R> =>
  withInnerSpan('transaction', () => ({ 'db.system.name': 'postgresql', 'db.namespace': schema, 'db.operation.name': 'transaction' }), transaction, SpanKind.CLIENT);

/** Runs one transaction; announcements are written at its end, and the relay learns of them after the commit. */
export async function runUnit<R>(core: DatabaseCore, sight: Sight, work: (transaction: Transaction) => Promise<R>, rules: TransactionRules = { savepoints: true }): Promise<R> {
  const transaction = await beginTransaction(core, sight, rules);
  const { manager, begun } = transaction;
  const waiting: Waiting[] = [];
  try {
    const result = await work({
      manager,
      begun,
      query: async <Row extends QueryResultRow>(statement: QueryConfig) => (await transaction.query<Row>(statement)).rows,
      for: (cause) => unitFor(core, manager, cause, waiting),
      within: (cause) => onlyFor(cause.tenant, unitFor(core, transaction.managerOf(sightOf(cause.tenant)), cause, waiting)),
    });
    await commit(core, transaction, waiting);
    if (waiting.length > 0) core.commits.emit('commit');
    return result;
  } finally {
    await transaction.end();
  }
}

function unitFor(core: DatabaseCore, manager: EntityManager, cause: Cause, waiting: Waiting[]): UnitOfWork {
  return {
    manager,
    announce<T extends EventType>(announcement: Announcement<T>): string {
      const now = core.now();
      const event = createEnvelope(announcement, { ...cause, ...surroundings() }, { source: core.source, id: uuidv7({ msecs: now.getTime() }), time: now });
      refuseInvalid(event);
      waiting.push({
        messageId: messageId(event),
        laneKey: laneKey(event.tenantid, event.partitionkey),
        subject: publishSubject(event.tenantid, announcement.type, event.partitionkey),
        body: JSON.stringify(event),
      });
      return event.id;
    },
  };
}

/** The span and the work in which something is announced, where there are any; what the cause says of them holds otherwise. */
function surroundings(): Pick<Cause, 'traceparent' | 'baggage'> {
  const [traceparent, baggage] = [injectTraceparent(), writeBaggage(currentContext())];
  return { ...(traceparent === undefined ? {} : { traceparent }), ...(baggage === undefined ? {} : { baggage }) };
}

/** The announcements of several tenants are written together, so that one of a wrong tenant would not be noticed there. */
function onlyFor(tenant: string, { manager, announce }: UnitOfWork): UnitOfWork {
  return {
    manager,
    announce(announcement) {
      if (announcement.tenant !== undefined && announcement.tenant !== tenant) throw Fault.permanent('foreign-tenant', `${announcement.type} was announced for tenant ${announcement.tenant} in a unit of work of tenant ${tenant}`);
      return announce(announcement);
    },
  };
}

/** Data that is larger belongs into an artifact. */
const MAX_EVENT_BYTES = 64 * 1_024;

function refuseInvalid(event: Envelope): void {
  const checked = checkEvent(event, 'strict');
  if (!checked.ok) throw Fault.permanent('invalid-announcement', `${event.type} breaks its contract: ${checked.problems.join('; ')}`);
  const bytes = Buffer.byteLength(JSON.stringify(event.data));
  if (bytes > MAX_EVENT_BYTES) throw Fault.permanent('announcement-too-large', `${event.type} carries ${bytes} bytes of data, more than ${MAX_EVENT_BYTES}: name an artifact instead`);
}

/** The announcements and the commit go out together. When the first fails, PostgreSQL answers the second with a rollback. */
async function commit(core: DatabaseCore, transaction: OpenTransaction, waiting: readonly Waiting[]): Promise<void> {
  const announced = waiting.length > 0 ? transaction.query(announceStatement(core, waiting)) : null;
  const [written, ended] = await Promise.allSettled([announced, transaction.commit()]);
  if (written.status === 'rejected') throw written.reason;
  if (ended.status === 'rejected') throw ended.reason;
  if (written.value && written.value.rowCount !== waiting.length) throw new Error('the transaction was ended by its own work, before its announcements were written; nothing was announced');
}

/**
 * Takes the lock of every key before any id, so that ids grow in commit order for each key. One statement does both:
 * no row leaves the join before the count of the locks is known, and ids are given to the rows that have left it.
 */
function announceStatement(core: DatabaseCore, waiting: readonly Waiting[]): QueryConfig {
  return {
    name: 'outbox-announce',
    text: `insert into outbox (message_id, lane_key, subject, body)
           select message_id, lane_key, subject, body
           from (select count(pg_advisory_xact_lock(number)) as taken from unnest($1::bigint[]) as number) as locks,
                unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as waiting (message_id, lane_key, subject, body, place)
           where locks.taken > 0 and ${INSIDE}
           order by place`,
    values: [
      inLockOrder(waiting.map((row) => lockNumber('outbox', core.schema, row.laneKey))),
      waiting.map((row) => row.messageId),
      waiting.map((row) => row.laneKey),
      waiting.map((row) => row.subject),
      waiting.map((row) => row.body),
    ],
  };
}
