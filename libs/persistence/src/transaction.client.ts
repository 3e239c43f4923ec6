import { Fault } from '@granary/faults';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { DatabaseCore } from './database-core';
import { seeing } from './sight';
import type { Sight } from './sight';

/** A transaction whose connection is used by TypeORM's manager and by statements of our own. */
export interface OpenTransaction {
  /** Sees what the transaction sees. */
  readonly manager: EntityManager;
  /** The manager of one of several tenants who share the transaction. */
  managerOf(tenant: Sight): EntityManager;
  readonly begun: Promise<unknown>;
  /** Sees what the transaction sees. */
  query<R extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<R>>;
  /** Rejects also when PostgreSQL answers with a rollback, as it does after any failed statement, seen or unseen. */
  commit(): Promise<void>;
  /** Gives the connection back, without what was not committed. */
  end(): Promise<void>;
}

export interface TransactionRules {
  /** Whether `manager.transaction()` is allowed, which TypeORM turns into savepoints of this transaction. */
  savepoints: boolean;
}

const BEGIN = 'begin; set local granary.unit = open;';

/**
 * What a statement of ours asks for that must not run outside the transaction: the setting is there only between a
 * `begin` that succeeded and the end, by whomever that end was brought about.
 */
export const INSIDE = `current_setting('granary.unit', true) = 'open'`;

/**
 * Takes a connection of the pool and sends `begin` without waiting for the answer: the first statements of the event
 * path travel with it. The manager's own wait for it, so that none of them can run outside a transaction.
 */
export async function beginTransaction({ dataSource, statementName }: Pick<DatabaseCore, 'dataSource' | 'statementName'>, sight: Sight, { savepoints }: TransactionRules): Promise<OpenTransaction> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  const begun = client.query(`${BEGIN} ${seeing(sight)}`);
  begun.catch(() => undefined);
  const see = seer(client, sight);
  const connected = (as: Sight) => begun.then(() => preparing(client, statementName, () => see(as)));
  takeOver(runner, connected(sight), savepoints);
  const others = new Map<Sight, QueryRunner>();
  let open = true;
  return {
    manager: runner.manager,
    managerOf(tenant) {
      if (tenant === sight) return runner.manager;
      const known = others.get(tenant);
      if (known) return known.manager;
      const other = dataSource.createQueryRunner();
      takeOver(other, connected(tenant), savepoints);
      others.set(tenant, other);
      return other.manager;
    },
    begun,
    query(statement) {
      see(sight);
      return client.query(statement);
    },
    async commit() {
      const [, { command }] = await Promise.all([begun, client.query('commit')]);
      open = false;
      if (command !== 'COMMIT') throw new Error('the transaction was rolled back at its end, because one of its statements had failed unnoticed');
    },
    async end() {
      // Who cannot roll back is not fit for another transaction: the pool drops a connection that was ended.
      if (open) await client.query('rollback').catch(() => void client.end());
      for (const other of others.values()) await other.release();
      await runner.release();
    },
  };
}

/** Changes what the statements behind it see, when the one before saw something else. It travels with them. */
function seer(client: PoolClient, first: Sight): (sight: Sight) => void {
  let seen = first;
  return (sight) => {
    if (sight === seen) return;
    seen = sight;
    // Fails only where the statement behind it fails too, in a transaction that is lost already.
    client.query(seeing(sight)).catch(() => undefined);
  };
}

type Connection = Pick<PoolClient, 'query'>;

/** TypeORM learns that a transaction is open, and that its statements wait for the begin. */
function takeOver(runner: QueryRunner, connected: Promise<Connection>, savepoints: boolean): void {
  connected.catch(() => undefined);
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1, connect: () => connected });
  if (savepoints) return;
  const refuse = () => Promise.reject(Fault.permanent('nested-transaction', NESTED));
  // All three: TypeORM rolls back what it could not begin, which would be everybody's transaction.
  Object.assign(runner, { startTransaction: refuse, commitTransaction: refuse, rollbackTransaction: refuse });
}

const NESTED = 'a handler began a transaction inside context.once: others share its transaction, so it cannot be rolled back in parts. Write with the manager of the unit of work directly';

/** The connection as TypeORM uses it, with names for statements that come again, each told before it is sent. */
function preparing(client: PoolClient, nameOf: (text: string) => string | undefined, beforeEach: () => void): Connection {
  const query = (text: string, values?: unknown[]) => {
    beforeEach();
    const name = values && values.length > 0 ? nameOf(text) : undefined;
    return name === undefined ? client.query(text, values) : client.query({ name, text, values: values ?? [] });
  };
  return { query: query as PoolClient['query'] };
}
