import { Fault } from '@granary/faults';
import { SpanKind, withInnerSpan } from '@granary/observability';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { seeing } from './sight';
import type { Sight } from './sight';

/**
 * A manager for statements on their own, outside any unit of work: each is a transaction that sees what `sight` names. Its
 * begin, the statement and its commit are sent together, so it takes one round trip, as it would without them.
 */
export function statementsOf(dataSource: DataSource, sight: Sight): EntityManager {
  const runner = dataSource.createQueryRunner();
  const begin = `begin; ${seeing(sight)}`;
  const refuse = () => Promise.reject(Fault.permanent('statements-only', 'several statements that belong together need a unit of work: database.transact'));
  Object.assign(runner, {
    connect: async () => ({ query: (text: string, values?: unknown[]) => withInnerSpan(wordOf(text), () => ({ 'db.system.name': 'postgresql', 'db.operation.name': wordOf(text) }), () => alone(dataSource, begin, text, values), SpanKind.CLIENT) }),
    startTransaction: refuse,
  });
  return runner.manager;
}

/** What a statement does: its first word. Names and values may be anybody's. */
const wordOf = (text: string): string => /^\s*(select|insert|update|delete|with)\b/i.exec(text)?.[1]?.toLowerCase() ?? 'statement';

async function alone(dataSource: DataSource, begin: string, text: string, values: unknown[] | undefined): Promise<unknown> {
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const [begun, answered, ended] = await Promise.allSettled([client.query(begin), client.query(text, values), client.query('commit')]);
    for (const sent of [answered, begun, ended]) if (sent.status === 'rejected') throw sent.reason;
    return answered.status === 'fulfilled' ? answered.value : undefined;
  } finally {
    await runner.release();
  }
}
