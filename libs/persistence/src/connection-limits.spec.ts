import { connectionLimits, withoutLimits } from './connection-limits';

describe('the limits of a connection', () => {
  it.each([
    [undefined, { statement_timeout: 60_000, lock_timeout: 30_000, idle_in_transaction_session_timeout: 120_000, query_timeout: 65_000 }],
    [{ statementMs: 1_000, lockMs: 200, idleInTransactionMs: 300 }, { statement_timeout: 1_000, lock_timeout: 200, idle_in_transaction_session_timeout: 300, query_timeout: 6_000 }],
    [{ statementMs: 0 }, { statement_timeout: 0, lock_timeout: 30_000, idle_in_transaction_session_timeout: 120_000, query_timeout: 0 }],
  ])('of %p', (limits, expected) => {
    expect(connectionLimits(limits)).toEqual(expected);
  });

  it('are taken out of an address', () => {
    expect(withoutLimits('postgres://u:p@h:1/d?statement_timeout=1&sslmode=disable&query_timeout=2')).toBe('postgres://u:p@h:1/d?sslmode=disable');
    expect(withoutLimits('postgres://u:p@/d?host=/run/postgresql')).toBe('postgres://u:p@/d?host=/run/postgresql');
  });
});
