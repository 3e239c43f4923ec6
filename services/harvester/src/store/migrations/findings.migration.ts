import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was found in files, what was decided about it, how AI is used, and how the gate of a tenant is set. */
export class Findings1745000000000 implements MigrationInterface {
  readonly name = 'Findings1745000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Facts are a cache: those of older extractors and rules are not read any more.
    await runner.query('truncate facts');
    await runner.query(`
      alter table facts
        add column light text,
        add column findings text,
        add column attempts smallint not null default 1,
        add column read_at timestamptz not null default now()`);

    await runner.query(`
      create table findings (
        repository_id uuid not null references repositories,
        finding_id text not null,
        number bigint generated always as identity,
        tenant text not null,
        kind text not null,
        rule text not null,
        severity text not null,
        path text not null,
        line integer not null,
        "column" integer not null,
        end_line integer not null,
        end_column integer not null,
        hash text not null,
        preview text not null,
        inline_reason text,
        decision_reason text,
        decided_at timestamptz,
        first_seen_commit text not null,
        first_seen_at timestamptz not null,
        resolved_at timestamptz,
        primary key (repository_id, finding_id)
      )`);
    await runner.query('create unique index findings_by_tenant on findings (tenant, number)');
    await runner.query('create index findings_by_repository on findings (repository_id, number)');

    await runner.query(`
      create table ai_usage (
        repository_id uuid not null references repositories,
        path text not null,
        provider text not null,
        calls jsonb not null,
        primary key (repository_id, path, provider)
      )`);
    await runner.query(`
      create table ai_postures (
        repository_id uuid primary key references repositories,
        commit text not null,
        posture jsonb not null
      )`);
    await runner.query(`
      create table gates (
        tenant text primary key,
        mode text not null,
        rules jsonb not null,
        updated_at timestamptz not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table gates');
    await runner.query('drop table ai_postures');
    await runner.query('drop table ai_usage');
    await runner.query('drop table findings');
    await runner.query('alter table facts drop column light, drop column findings, drop column attempts, drop column read_at');
  }
}
