import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['replay_job', 'replay_part', 'replay_failure'];

/** Replay jobs: one row each, one for each partition group of its consumer, one for each of the first events that failed. */
export class Replay1790000000023 implements MigrationInterface {
  readonly name = 'Replay1790000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table replay_job (
        job_id uuid primary key,
        tenant text not null,
        consumer text not null,
        groups integer not null,
        selection jsonb not null,
        reason text not null,
        rate integer,
        requested_by text not null,
        correlation_id text not null,
        state text not null check (state in ('planning', 'planned', 'running', 'paused', 'completed', 'failed', 'cancelled')),
        through_epoch integer not null,
        through_sequence bigint not null,
        plan jsonb,
        totals jsonb,
        error_code text,
        error_message text,
        created_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        planned_until timestamptz,
        tokens double precision not null default 0,
        refilled_at timestamptz
      )`);
    await runner.query(`create index replay_job_tenant on replay_job (tenant, job_id)`);
    await runner.query(`create index replay_job_open on replay_job (state) where state in ('planning', 'running', 'paused')`);
    await runner.query(`
      create table replay_part (
        job_id uuid not null references replay_job,
        partition_group integer not null,
        tenant text not null,
        consumer text not null,
        total bigint not null,
        epoch integer not null,
        sequence bigint not null,
        until_epoch integer not null,
        until_sequence bigint not null,
        handed_epoch integer not null default 0,
        handed_sequence bigint not null default 0,
        careful_epoch integer not null default 0,
        careful_sequence bigint not null default 0,
        begun integer not null default 0,
        handled bigint not null default 0,
        failed bigint not null default 0,
        done boolean not null,
        asked_at timestamptz,
        taken_at timestamptz,
        primary key (job_id, partition_group)
      )`);
    await runner.query(`create index replay_part_open on replay_part (consumer, partition_group) where not done`);
    await runner.query(`
      create table replay_failure (
        job_id uuid not null references replay_job,
        epoch integer not null,
        sequence bigint not null,
        tenant text not null,
        of_tenant text not null,
        key text not null,
        event_id text not null,
        event_type text not null,
        attempts integer not null,
        code text not null,
        message text not null,
        failed_at timestamptz not null default clock_timestamp(),
        primary key (job_id, epoch, sequence)
      )`);
    await separateTenants(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, TABLES);
    await runner.query(`drop table replay_failure, replay_part, replay_job`);
  }
}
