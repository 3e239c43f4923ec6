import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tree over the event log, what was signed of it, and with which keys. None of it belongs to a tenant. */
export class Proofs1790000000021 implements MigrationInterface {
  readonly name = 'Proofs1790000000021';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tree_tile (
        level smallint not null,
        index bigint not null,
        hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
        primary key (level, index)
      )`);
    // Hashes cannot be compressed.
    await runner.query(`alter table tree_tile alter column hashes set storage external`);
    await runner.query(`
      create table tree_state (
        id boolean primary key default true check (id),
        origin text not null,
        size bigint not null default 0,
        epoch integer not null default 0,
        sequence bigint not null default 0,
        suspect text
      )`);
    // The name by which others know this log; no two are to have the same.
    await runner.query(`insert into tree_state (origin) values ('granary/' || gen_random_uuid())`);
    await runner.query(`
      create table tree_epoch (
        epoch integer primary key references log_epoch,
        first_leaf bigint not null,
        first_sequence bigint not null
      )`);
    await runner.query(`
      create table checkpoint_key (
        id text primary key,
        vkey text not null,
        sealed_seed bytea,
        endorsement text,
        created_at timestamptz not null,
        retired_at timestamptz
      )`);
    await runner.query(`
      create table checkpoint (
        time timestamptz primary key,
        kind text not null check (kind in ('daily', 'hourly', 'asked')),
        origin text not null,
        size bigint not null,
        root bytea not null,
        epoch integer not null,
        sequence bigint not null,
        note text not null
      )`);
    await runner.query(`create index checkpoint_size on checkpoint (size)`);
    await runner.query(`
      create table comparison (
        id boolean primary key default true check (id),
        epoch integer not null,
        sequence bigint not null,
        stored_at timestamptz,
        wrong_epoch integer,
        wrong_sequence bigint
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table comparison, checkpoint, checkpoint_key, tree_epoch, tree_state, tree_tile`);
  }
}
