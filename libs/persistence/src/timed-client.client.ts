import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { DatabaseMeters } from './database-meters';

type Query = (this: Client, ...given: unknown[]) => unknown;

/** A client of the pool that tells how long each statement took, from the call to its answer. */
export function timedClient(meters: Pick<DatabaseMeters, 'statement'>): new (config?: ClientConfig) => Client {
  // The driver has many forms of one call; each of ours and of TypeORM's answers a promise.
  const query = Client.prototype.query as unknown as Query;
  class TimedClient extends Client {}
  const timed: Query = function (...given) {
    const begun = performance.now();
    const answered = query.apply(this, given);
    if (answered instanceof Promise) {
      const text = textOf(given[0]);
      answered.then(
        () => meters.statement(text, performance.now() - begun, false),
        () => meters.statement(text, performance.now() - begun, true),
      );
    }
    return answered;
  };
  Object.assign(TimedClient.prototype, { query: timed });
  return TimedClient;
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  return typeof statement === 'object' && statement !== null && 'text' in statement && typeof statement.text === 'string' ? statement.text : '';
}
