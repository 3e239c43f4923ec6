import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The event log with its epochs, partitions and holes. */
export class EventLog1760000000001 implements MigrationInterface {
  readonly name = 'EventLog1760000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table log_epoch (
        epoch integer primary key,
        stream_created text not null,
        reason text not null check (reason in ('first', 'recreated', 'restored', 'closed')),
        previous_epoch integer references log_epoch,
        first_sequence bigint,
        clock_step_ms bigint not null default 0,
        opened_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query(`
      create table event_log (
        sequence bigint not null,
        stored_at timestamptz not null,
        time timestamptz,
        epoch integer not null,
        tenant text not null,
        type text not null,
        key text not null,
        event_id text not null,
        source text,
        correlation_id text,
        causation_id text,
        body text not null,
        primary key (epoch, sequence)
      ) partition by range (epoch, sequence)`);
    // Each index ends in the position, so that every search reads its page in order and stops.
    await runner.query(`create index event_log_tenant_type on event_log (tenant, type, epoch, sequence)`);
    await runner.query(`create index event_log_key on event_log (key, epoch, sequence)`);
    await runner.query(`create index event_log_correlation on event_log (correlation_id, epoch, sequence)`);
    await runner.query(`create index event_log_event_id on event_log (event_id)`);
    await runner.query(`create index event_log_stored_at on event_log (epoch, stored_at, sequence)`);
    await runner.query(`
      create function event_log_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the event log is append-only: % of a row is refused', lower(tg_op);
      end $$`);
    await runner.query(`create trigger append_only before update or delete on event_log for each row execute function event_log_is_append_only()`);
    await runner.query(`
      create table log_partition (
        epoch integer not null references log_epoch,
        from_sequence bigint not null,
        until_sequence bigint not null check (until_sequence > from_sequence),
        primary key (epoch, from_sequence)
      )`);
    await runner.query(`
      create table log_hole (
        epoch integer not null references log_epoch,
        first_sequence bigint not null,
        last_sequence bigint not null check (last_sequence >= first_sequence),
        found_at timestamptz not null default clock_timestamp(),
        primary key (epoch, first_sequence)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table log_hole, log_partition, event_log, log_epoch`);
    await runner.query(`drop function event_log_is_append_only()`);
  }
}
