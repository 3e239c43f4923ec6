import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_TENANTS = ['cycles', 'cycle_parts', 'proposals'];

/** Cycles over the caches, what they found and freed, and what they propose to whom. */
export class Cycles1790000000000 implements MigrationInterface {
  readonly name = 'Cycles1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cycles (
        cycle_id uuid primary key,
        tenant text not null,
        reason text not null check (reason in ('due', 'requested')),
        dry_run boolean not null,
        state text not null check (state in ('listing', 'sweeping', 'completed', 'failed')),
        correlation_id text not null,
        started_at timestamptz not null,
        finished_at timestamptz,
        policy jsonb not null,
        over_bytes bigint not null default 0,
        failures jsonb not null default '[]'
      )`);
    await runner.query('create index cycles_by_tenant on cycles (tenant, cycle_id)');
    await runner.query(`create unique index cycles_open on cycles (tenant) where state in ('listing', 'sweeping')`);
    await runner.query(`
      create table cycle_parts (
        cycle_id uuid not null references cycles on delete cascade,
        tenant text not null,
        owner text not null,
        kind text not null,
        listed_at timestamptz not null,
        entries bigint not null default 0,
        bytes bigint not null default 0,
        used_entries bigint not null default 0,
        used_bytes bigint not null default 0,
        evicted_entries bigint not null default 0,
        evicted_bytes bigint not null default 0,
        packed_entries bigint not null default 0,
        packed_bytes bigint not null default 0,
        spared_entries bigint not null default 0,
        primary key (cycle_id, tenant, owner, kind)
      )`);
    await runner.query(`
      create table proposals (
        cycle_id uuid not null references cycles on delete cascade,
        number integer not null,
        tenant text not null,
        owner text not null,
        action text not null check (action in ('evict', 'compress')),
        state text not null check (state in ('open', 'done', 'planned')),
        entries jsonb not null,
        primary key (cycle_id, number)
      )`);
    await runner.query(`create index proposals_open on proposals (cycle_id, number) where state = 'open'`);
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, OF_TENANTS);
    await runner.query('drop table proposals');
    await runner.query('drop table cycle_parts');
    await runner.query('drop table cycles');
  }
}
