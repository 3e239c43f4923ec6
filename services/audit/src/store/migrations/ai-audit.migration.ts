import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_TENANTS = ['ai_record', 'ai_day', 'ai_label', 'price_table', 'ai_repricing', 'ai_budget', 'ai_dirty_day', 'ai_budget_passed'];

/** The AI audit: what the event log tells of the use of AI, its sums by day, prices and budgets. */
export class AiAudit1790000000024 implements MigrationInterface {
  readonly name = 'AiAudit1790000000024';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ai_cursor (
        id smallint primary key default 1 check (id = 1),
        epoch integer not null default 0,
        sequence bigint not null default 0,
        read_up_to timestamptz
      )`);
    await runner.query(`insert into ai_cursor default values`);
    await createRecords(runner);
    await createSums(runner);
    await createPrices(runner);
    await createBudgets(runner);
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, OF_TENANTS);
    await runner.query(`drop table ${[...OF_TENANTS, 'ai_cursor'].join(', ')}`);
  }
}

async function createRecords(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table ai_record (
      epoch integer not null,
      sequence bigint not null,
      tenant text not null,
      stored_at timestamptz not null,
      source text not null,
      event_id text not null,
      type text not null,
      kind text not null,
      key text not null,
      correlation_id text not null,
      provider text,
      model text,
      operation text,
      outcome text not null,
      risk text,
      score double precision,
      repository_id text,
      invocation_id text,
      latency_ms bigint,
      items bigint,
      usage jsonb not null,
      cost numeric(60),
      unpriced text,
      price_table text,
      reported numeric(60),
      detail jsonb not null,
      primary key (epoch, sequence)
    )`);
  await runner.query(`create unique index ai_record_event on ai_record (tenant, source, event_id)`);
  // Each search reads its page in order and stops; rarer conditions have indexes of their own, with only the rows that have them.
  const order = 'stored_at, epoch, sequence';
  await runner.query(`create index ai_record_order on ai_record (tenant, ${order})`);
  await runner.query(`create index ai_record_model on ai_record (tenant, model, ${order}) where model is not null`);
  await runner.query(`create index ai_record_kind on ai_record (tenant, kind, ${order}) where kind <> 'invocation'`);
  await runner.query(`create index ai_record_outcome on ai_record (tenant, outcome, ${order}) where outcome <> 'ok'`);
  await runner.query(`create index ai_record_risk on ai_record (tenant, risk, ${order}) where risk is not null`);
  await runner.query(`create index ai_record_repository on ai_record (tenant, repository_id, ${order}) where repository_id is not null`);
  await runner.query(`create index ai_record_unpriced on ai_record (tenant, ${order}) where unpriced is not null`);
  await runner.query(`create index ai_record_invocation on ai_record (tenant, invocation_id, kind) where invocation_id is not null`);
  await runner.query(`create index ai_record_age on ai_record using brin (stored_at)`);
}

/** No provider, model, repository or risk is an empty text there, because a key has no nulls. */
async function createSums(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table ai_day (
      tenant text not null,
      day date not null default current_date,
      kind text not null,
      provider text not null,
      model text not null,
      repository_id text not null,
      risk text not null,
      outcome text not null,
      events numeric(60) not null default 0,
      unpriced numeric(60) not null default 0,
      cost numeric(60) not null default 0,
      reported numeric(60) not null default 0,
      input_tokens numeric(60) not null default 0,
      output_tokens numeric(60) not null default 0,
      cache_read_tokens numeric(60) not null default 0,
      cache_write_tokens numeric(60) not null default 0,
      reasoning_tokens numeric(60) not null default 0,
      timed numeric(60) not null default 0,
      latency numeric(60) not null default 0,
      longest numeric(60),
      scored numeric(60) not null default 0,
      score numeric(60) not null default 0,
      lowest numeric(60),
      items numeric(60) not null default 0,
      primary key (tenant, day, kind, provider, model, repository_id, risk, outcome)
    )`);
  await runner.query(`
    create table ai_label (
      tenant text not null,
      day date not null default current_date,
      kind text not null,
      repository_id text not null,
      label text not null,
      count numeric(60) not null default 0,
      primary key (tenant, day, kind, repository_id, label)
    )`);
}

async function createPrices(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table price_table (
      tenant text not null,
      version text not null,
      number bigint generated always as identity,
      effective_from timestamptz not null,
      models jsonb not null,
      digest text not null,
      set_at timestamptz not null,
      set_by text,
      primary key (tenant, version)
    )`);
  await runner.query(`
    create table ai_repricing (
      tenant text not null,
      number bigint generated always as identity,
      from_at timestamptz not null,
      until_at timestamptz,
      after_at timestamptz,
      after_epoch integer,
      after_sequence bigint,
      primary key (tenant, number)
    )`);
}

async function createBudgets(runner: QueryRunner): Promise<void> {
  await runner.query(`
    create table ai_budget (
      tenant text not null,
      name text not null,
      period text not null check (period in ('day', 'month')),
      limit_nano numeric(60) not null default 0,
      thresholds integer[] not null default '{100}',
      provider text,
      model text,
      repository_id text,
      updated_at timestamptz not null,
      updated_by text,
      primary key (tenant, name)
    )`);
  // Days whose costs have changed since budgets were last looked at.
  await runner.query(`create table ai_dirty_day (tenant text not null, day date not null default current_date, primary key (tenant, day))`);
  await runner.query(`
    create table ai_budget_passed (
      tenant text not null,
      name text not null,
      from_day date not null default current_date,
      threshold integer not null,
      spent numeric(60) not null default 0,
      passed_at timestamptz not null,
      primary key (tenant, name, from_day, threshold)
    )`);
}
