import { separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_TENANTS = ['tenants', 'principals', 'passwords', 'api_keys', 'sessions', 'revocations', 'login_failures'];

/** Tenants, who is in them, what they prove themselves with, and the keys that sign tokens. */
export class Identities1770000000000 implements MigrationInterface {
  readonly name = 'Identities1770000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tenants (
        tenant text primary key,
        name text not null,
        created_at timestamptz not null
      )`);
    await runner.query(`
      create table principals (
        principal_id uuid primary key,
        tenant text not null references tenants,
        kind text not null check (kind in ('person', 'service-account')),
        name text not null,
        state text not null check (state in ('active', 'disabled')),
        grants jsonb not null,
        version integer not null,
        created_at timestamptz not null,
        last_seen_at timestamptz,
        unique (tenant, principal_id)
      )`);
    await runner.query('create unique index principals_by_name on principals (tenant, (lower(name) collate "C"))');
    // The tenant is part of every reference, so that a row cannot belong to a principal of another tenant.
    await runner.query(`
      create table passwords (
        principal_id uuid primary key,
        tenant text not null,
        phc text not null,
        changed_at timestamptz not null,
        foreign key (tenant, principal_id) references principals (tenant, principal_id)
      )`);
    await runner.query(`
      create table api_keys (
        key_id text primary key,
        tenant text not null,
        principal_id uuid not null,
        name text not null,
        hash text not null,
        scope jsonb,
        created_at timestamptz not null,
        expires_at timestamptz,
        last_used_at timestamptz,
        use_told_at timestamptz,
        revoked_at timestamptz,
        foreign key (tenant, principal_id) references principals (tenant, principal_id)
      )`);
    await runner.query('create index api_keys_by_tenant on api_keys (tenant, created_at, key_id)');
    await runner.query('create index api_keys_by_principal on api_keys (tenant, principal_id)');
    await runner.query(`
      create table sessions (
        sid uuid primary key,
        tenant text not null,
        principal_id uuid not null,
        family_hash text not null,
        current_hash text not null,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        refresh_until timestamptz not null,
        ended_at timestamptz,
        foreign key (tenant, principal_id) references principals (tenant, principal_id)
      )`);
    await runner.query('create index sessions_by_tenant on sessions (tenant, sid) where ended_at is null');
    await runner.query('create index sessions_by_principal on sessions (tenant, principal_id) where ended_at is null');
    await runner.query(`
      create table revocations (
        sid text primary key,
        tenant text not null references tenants,
        until timestamptz not null
      )`);
    await runner.query('create index revocations_by_end on revocations (until)');
    await runner.query(`
      create table login_failures (
        tenant text not null references tenants,
        subject text not null,
        failures integer not null,
        since timestamptz not null,
        locked_until timestamptz,
        locks integer not null,
        last_at timestamptz not null,
        primary key (tenant, subject)
      )`);
    await runner.query('create index login_failures_by_time on login_failures (last_at)');
    await runner.query(`
      create table signing_keys (
        kid text primary key,
        state text not null check (state in ('next', 'active', 'retired')),
        since timestamptz not null,
        public_jwk jsonb not null,
        sealed_private bytea
      )`);
    await runner.query("create unique index one_active_signing_key on signing_keys (state) where state = 'active'");
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['signing_keys', ...OF_TENANTS.toReversed()]) await runner.query(`drop table ${table}`);
  }
}
