import { joinTenants, separateTenants, trackArtifacts, untrackArtifacts } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When what is cached was last used and what needs it, so that the rest can go. */
export class Caches1790000000000 implements MigrationInterface {
  readonly name = 'Caches1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await trackArtifacts(runner);
    await runner.query('alter table artifacts drop column stored_bytes');
    await runner.query('alter table facts add column last_used_at timestamptz not null default now()');
    await runner.query('create index facts_by_use on facts using brin (last_used_at)');
    await runner.query('alter table repositories add column pack_digest text, add column facts_marked_at timestamptz');
    await runner.query(`create index repositories_by_pack on repositories (tenant, pack_digest) where state = 'active'`);
    // Which artifact holds the facts of their newest commits is known again after a harvest.
    await runner.query(`update repositories set retry_at = now() where state = 'active' and harvested_commit is not null`);
    await runner.query(`
      create table mirrors (
        place text not null,
        repository_id uuid not null,
        tenant text not null,
        bytes bigint not null,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        evict boolean not null default false,
        primary key (place, repository_id)
      )`);
    await separateTenants(runner, ['mirrors']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, ['mirrors']);
    await runner.query('drop table mirrors');
    await runner.query('drop index repositories_by_pack');
    await runner.query('alter table repositories drop column pack_digest, drop column facts_marked_at');
    await runner.query('alter table facts drop column last_used_at');
    await runner.query('alter table artifacts add column stored_bytes bigint');
    await runner.query('update artifacts set stored_bytes = octet_length(body)');
    await runner.query('alter table artifacts alter column stored_bytes set not null');
    await untrackArtifacts(runner);
  }
}
