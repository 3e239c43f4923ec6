import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done about backups, and what waits. The backups themselves say in their folder what they are. */
export class BackupRuns1791000000000 implements MigrationInterface {
  readonly name = 'BackupRuns1791000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table backup_runs (
        run_id uuid primary key,
        kind text not null check (kind in ('create', 'verify')),
        backup text,
        state text not null check (state in ('waiting', 'running', 'done', 'failed')),
        correlation_id text not null,
        requested_by text,
        requested_at timestamptz not null,
        ended_at timestamptz,
        code text,
        message text
      )`);
    await runner.query(`create unique index backup_runs_waiting on backup_runs (kind, coalesce(backup, '')) where state = 'waiting'`);
    await runner.query(`create index backup_runs_newest on backup_runs (requested_at desc)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table backup_runs');
  }
}
