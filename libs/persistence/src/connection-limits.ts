/** How long PostgreSQL may keep a service waiting, in milliseconds; 0 is without end. Migrations have no limits. */
export interface WaitingLimits {
  /** One statement. Default 60 s. */
  statementMs?: number;
  /** A row or table that somebody else has locked. Default 30 s. */
  lockMs?: number;
  /** A transaction between two of its statements: a process that hangs in one keeps its locks no longer. Default 120 s. */
  idleInTransactionMs?: number;
}

/** Settings of a connection, in the names of the driver. */
export interface ConnectionLimits {
  statement_timeout: number;
  lock_timeout: number;
  idle_in_transaction_session_timeout: number;
  query_timeout: number;
}

/** What the server gets to answer, after its own limit has passed, before it counts as frozen. */
const GRACE_MS = 5_000;

/** The server ends what takes too long by itself; a server that is frozen is given up by the client, with the connection. */
export function connectionLimits({ statementMs = 60_000, lockMs = 30_000, idleInTransactionMs = 120_000 }: WaitingLimits = {}): ConnectionLimits {
  return {
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    query_timeout: statementMs === 0 ? 0 : statementMs + GRACE_MS,
  };
}

const PARAMETERS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'];

/** The address without limits that it names itself. */
export function withoutLimits(url: string): string {
  if (!URL.canParse(url)) return url;
  const unlimited = new URL(url);
  for (const parameter of PARAMETERS) unlimited.searchParams.delete(parameter);
  return unlimited.href;
}
