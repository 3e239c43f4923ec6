import { checkEvent, publishSubject } from '@granary/contracts';
import type { Envelope, EventType } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createEnvelope, laneKey, messageId } from '@granary/messaging';
import type { Announcement, Cause, UnitOfWork } from '@granary/messaging';
import type { EntityManager, QueryRunner } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { inLockOrder, lockNumber } from './advisory-lock';
import type { DatabaseCore } from './database-core';

/** What one part of a transaction collects; a transaction may have many parts, each with its own cause. */
interface Waiting {
  messageId: string;
  laneKey: string;
  subject: string;
  body: string;
}

export interface Transaction {
  readonly manager: EntityManager;
  /** A unit of work whose announcements carry this cause. */
  for(cause: Cause): UnitOfWork;
}

/** Runs one transaction; announcements are written at its end, and the relay learns of them after the commit. */
export async function runUnit<R>(core: DatabaseCore, work: (transaction: Transaction) => Promise<R>): Promise<R> {
  const runner = core.dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    const waiting: Waiting[] = [];
    const result = await work({ manager: runner.manager, for: (cause) => unitFor(core, runner.manager, cause, waiting) });
    await writeOutbox(core, runner, waiting);
    await commit(runner);
    if (waiting.length > 0) core.commits.emit('commit');
    return result;
  } catch (error) {
    // The connection may be what failed; then there is nothing left to roll back.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/** PostgreSQL answers the commit of a failed transaction with a silent rollback, also when nobody noticed the failure: a statement before it does notice. */
async function commit(runner: QueryRunner): Promise<void> {
  await Promise.all([runner.query('select 1'), runner.commitTransaction()]);
}

function unitFor(core: DatabaseCore, manager: EntityManager, cause: Cause, waiting: Waiting[]): UnitOfWork {
  return {
    manager,
    announce<T extends EventType>(announcement: Announcement<T>): string {
      const now = core.now();
      const event = createEnvelope(announcement, cause, { source: core.source, id: uuidv7({ msecs: now.getTime() }), time: now });
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

/** Data that is larger belongs into an artifact. */
const MAX_EVENT_BYTES = 64 * 1_024;

function refuseInvalid(event: Envelope): void {
  const checked = checkEvent(event, 'strict');
  if (!checked.ok) throw Fault.permanent('invalid-announcement', `${event.type} breaks its contract: ${checked.problems.join('; ')}`);
  const bytes = Buffer.byteLength(JSON.stringify(event.data));
  if (bytes > MAX_EVENT_BYTES) throw Fault.permanent('announcement-too-large', `${event.type} carries ${bytes} bytes of data, more than ${MAX_EVENT_BYTES}: name an artifact instead`);
}

/**
 * Takes the lock of every key before any id, so that ids grow in commit order for each key. Both statements go out
 * together: the first one holds up the second.
 */
async function writeOutbox(core: DatabaseCore, runner: QueryRunner, waiting: readonly Waiting[]): Promise<void> {
  if (waiting.length === 0) return;
  const locks = inLockOrder(waiting.map((row) => lockNumber('outbox', core.schema, row.laneKey)));
  await Promise.all([
    runner.query('select pg_advisory_xact_lock(number) from unnest($1::bigint[]) as number', [locks]),
    runner.query(
      `insert into outbox (message_id, lane_key, subject, body)
       select message_id, lane_key, subject, body
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as waiting (message_id, lane_key, subject, body, place)
       order by place`,
      [waiting.map((row) => row.messageId), waiting.map((row) => row.laneKey), waiting.map((row) => row.subject), waiting.map((row) => row.body)],
    ),
  ]);
}
