import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The names in the newest graph of each repository: what is searched, and by what repositories find each other. */
export class Names1755000000000 implements MigrationInterface {
  readonly name = 'Names1755000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table names (
        tenant text not null,
        repository_id uuid not null,
        kind text not null,
        name text not null,
        package_name text,
        version text,
        scope text,
        direct boolean,
        primary key (tenant, repository_id, kind, name)
      )`);
    await runner.query('create index names_by_package on names (tenant, package_name, kind) where package_name is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table names');
  }
}
