import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Keeps the name by which principals are found as a column. Under row-level security an index of `lower(name)` is not looked
 * into: the function is not known to keep to itself what it sees, so it is asked only about rows that may be seen.
 */
export class FoldedNames1780000000000 implements MigrationInterface {
  readonly name = 'FoldedNames1780000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table principals add column folded_name text collate "C" not null generated always as (lower(name)) stored');
    await runner.query('drop index principals_by_name');
    await runner.query('create unique index principals_by_name on principals (tenant, folded_name)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index principals_by_name');
    await runner.query('create unique index principals_by_name on principals (tenant, (lower(name) collate "C"))');
    await runner.query('alter table principals drop column folded_name');
  }
}
