import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when each repository is behind its remote, and whose turn it is among tenants. */
export class Freshness1750000000000 implements MigrationInterface {
  readonly name = 'Freshness1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table repositories add column unharvested_since timestamptz');
    await runner.query('update repositories set unharvested_since = head_moved_at where head_commit is distinct from harvested_commit');
    await runner.query(`create index repositories_behind on repositories (unharvested_since) where state = 'active' and unharvested_since is not null`);
    await runner.query('create index jobs_by_start on jobs (tenant, started_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index jobs_by_start');
    await runner.query('alter table repositories drop column unharvested_since');
  }
}
