import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which days of the log lie in files, and up to where its rows may go. None of it belongs to a tenant. */
export class Exports1790000000022 implements MigrationInterface {
  readonly name = 'Exports1790000000022';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table export_day (
        day text primary key,
        first_leaf bigint not null,
        leaves bigint not null,
        epoch integer not null,
        sequence bigint not null,
        frontier bytea not null,
        manifest text not null,
        exported_at timestamptz not null default clock_timestamp(),
        uploaded_at timestamptz,
        dropped_at timestamptz
      )`);
    await runner.query(`
      create table retired_until (
        id boolean primary key default true check (id),
        epoch integer not null default 0,
        sequence bigint not null default 0
      )`);
    await runner.query(`insert into retired_until default values`);
    await runner.query(`
      create or replace function event_log_is_append_only() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' and (old.epoch, old.sequence) <= (select epoch, sequence from retired_until) then
          return old;
        end if;
        raise exception 'the event log is append-only: % of a row is refused', lower(tg_op);
      end $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function event_log_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the event log is append-only: % of a row is refused', lower(tg_op);
      end $$`);
    await runner.query(`drop table retired_until, export_day`);
  }
}
