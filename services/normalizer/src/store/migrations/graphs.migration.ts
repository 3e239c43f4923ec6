import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Repositories with their newest graph, graphs by harvest, and the artifacts that hold their bytes. */
export class Graphs1750000000000 implements MigrationInterface {
  readonly name = 'Graphs1750000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table repositories (
        tenant text not null,
        repository_id uuid not null,
        name text not null,
        removed_at timestamptz,
        head_job_id uuid,
        head_commit text,
        head_hash text,
        primary key (tenant, repository_id)
      )`);
    await runner.query('create index repositories_by_name on repositories (tenant, name)');
    await runner.query(`
      create table graphs (
        tenant text not null,
        job_id uuid not null,
        repository_id uuid not null,
        name text not null,
        commit text not null,
        hash text not null,
        bytes integer not null,
        tier smallint not null,
        counts jsonb not null,
        completeness jsonb not null,
        languages jsonb not null,
        normalized_at timestamptz not null,
        primary key (tenant, job_id)
      )`);
    await runner.query('create index graphs_by_commit on graphs (tenant, repository_id, commit, job_id)');
    await runner.query(`
      create table artifacts (
        tenant text not null,
        digest text not null,
        bytes integer not null,
        media_type text not null,
        body bytea not null,
        created_at timestamptz not null,
        primary key (tenant, digest)
      )`);
    // Already compressed, and read piece by piece: stored plainly, a piece is read without reading what is before it.
    await runner.query('alter table artifacts alter column body set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table artifacts');
    await runner.query('drop table graphs');
    await runner.query('drop table repositories');
  }
}
