import type { QueryRunner } from 'typeorm';

// Asked once a statement, not once a row: so in brackets. The first question is also what keeps the planner from expecting
// far fewer rows than there are. A setting that was local to a transaction is empty afterwards: nobody is named so.
const SEEN = `(select current_setting('granary.tenant', true) = '*') or tenant = (select nullif(current_setting('granary.tenant', true), ''))`;

/**
 * For migrations: rows of these tables, which have a column `tenant`, are there for the tenant whom the transaction names,
 * and for everybody's work that says so; for nobody else. The service's role owns its tables, so the policies are forced on it.
 */
export async function separateTenants(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await runner.query(`alter table ${table} enable row level security`);
    await runner.query(`alter table ${table} force row level security`);
    await runner.query(`create policy own_tenant on ${table} using (${SEEN}) with check (${SEEN})`);
  }
}

/** Takes that back; every row stays. */
export async function joinTenants(runner: QueryRunner, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await runner.query(`drop policy own_tenant on ${table}`);
    await runner.query(`alter table ${table} no force row level security`);
    await runner.query(`alter table ${table} disable row level security`);
  }
}
