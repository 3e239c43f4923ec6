import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the event path. Every service has them in its own schema. */
export class EventPath1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox (
        id bigint generated always as identity primary key,
        message_id text not null,
        lane_key text not null,
        subject text not null,
        body text not null,
        created_at timestamptz not null default clock_timestamp(),
        dead_at timestamptz,
        reason text
      )`);
    await runner.query(`create index outbox_dead on outbox (lane_key) where dead_at is not null`);
    await runner.query(`
      create table inbox (
        consumer text not null,
        run text not null,
        tenant text not null,
        source text not null,
        event_id text not null,
        handled_at timestamptz not null default clock_timestamp(),
        primary key (consumer, run, tenant, source, event_id)
      )`);
    await runner.query(`create index inbox_handled_at on inbox using brin (handled_at)`);
    await runner.query(`
      create table partition_leases (
        consumer text not null,
        partition_group int not null,
        owner text,
        epoch bigint not null default 0,
        expires_at timestamptz not null,
        primary key (consumer, partition_group)
      )`);
    await runner.query(`
      create table consumer_replicas (
        consumer text not null,
        owner text not null,
        expires_at timestamptz not null,
        primary key (consumer, owner)
      )`);
    await runner.query(`
      create table crash_suspects (
        consumer text not null,
        partition_group int not null,
        position bigint not null,
        begun int not null,
        primary key (consumer, partition_group, position)
      )`);
    await runner.query(`
      create table held_events (
        held_id bigint generated always as identity primary key,
        consumer text not null,
        partition_group int not null,
        run text not null,
        tenant text not null,
        key text not null,
        position bigint not null,
        source text not null,
        event_id text not null,
        event_type text not null,
        state text not null check (state in ('held', 'waiting', 'dead')),
        attempts int not null,
        next_at timestamptz,
        code text not null,
        message text not null,
        correlation_id text not null,
        body text not null,
        held_at timestamptz not null default clock_timestamp(),
        unique (consumer, run, tenant, source, event_id)
      )`);
    await runner.query(`create index held_events_key on held_events (consumer, tenant, key, held_id)`);
    await runner.query(`create index held_events_due on held_events (consumer, partition_group, next_at) where state = 'held'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['held_events', 'crash_suspects', 'consumer_replicas', 'partition_leases', 'inbox', 'outbox']) await runner.query(`drop table ${table}`);
  }
}
