import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Repositories, harvest jobs, facts by blob, and artifacts. */
export class Harvests1740000000000 implements MigrationInterface {
  readonly name = 'Harvests1740000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table repositories (
        repository_id uuid primary key,
        tenant text not null,
        name text not null,
        location text not null,
        transport text not null,
        sealed_credentials bytea,
        branch text,
        state text not null,
        head_ref text,
        head_commit text,
        head_moved_at timestamptz not null,
        harvested_commit text,
        last_polled_at timestamptz,
        last_error text,
        next_poll_at timestamptz not null,
        poll_failures integer not null default 0,
        harvest_failures integer not null default 0,
        retry_at timestamptz,
        registered_at timestamptz not null,
        removed_at timestamptz
      )`);
    await runner.query(`create unique index repositories_name on repositories (tenant, name) where state = 'active'`);
    await runner.query(`create unique index repositories_location on repositories (tenant, location) where state = 'active'`);
    await runner.query(`create index repositories_due on repositories (next_poll_at) where state = 'active'`);

    await runner.query(`
      create table jobs (
        job_id uuid primary key,
        tenant text not null,
        repository_id uuid not null references repositories,
        name text not null,
        state text not null,
        reason text not null,
        correlation_id text not null,
        last_event_id uuid not null,
        created_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        attempts integer not null default 0,
        not_before timestamptz not null,
        lease_owner text,
        lease_until timestamptz,
        commit text,
        tier smallint,
        progress jsonb not null,
        stages jsonb not null,
        counts jsonb,
        error jsonb
      )`);
    // At most one harvest of a repository runs, and at most one waits for its first attempt: whoever asks meanwhile gets that one.
    await runner.query(`create unique index jobs_running on jobs (repository_id) where state in ('fetching', 'scanning', 'parsing', 'storing')`);
    await runner.query(`create unique index jobs_waiting on jobs (repository_id) where state = 'pending' and started_at is null`);
    await runner.query(`create index jobs_open on jobs (job_id) where state in ('pending', 'fetching', 'scanning', 'parsing', 'storing')`);
    await runner.query('create index jobs_by_repository on jobs (repository_id, job_id)');
    await runner.query('create index jobs_by_tenant on jobs (tenant, job_id)');
    await runner.query('create index jobs_by_state on jobs (tenant, state, job_id)');

    await runner.query(`
      create table facts (
        tenant text not null,
        blob bytea not null,
        kind text not null,
        path_class text not null,
        extractor text not null,
        rule_set text not null,
        skipped text,
        items integer not null,
        encoding text not null,
        body bytea not null,
        checksum bigint not null,
        primary key (tenant, blob, kind, path_class, extractor, rule_set)
      )`);
    await runner.query('alter table facts alter column body set storage external');

    await runner.query(`
      create table artifacts (
        tenant text not null,
        digest text not null,
        media_type text not null,
        bytes bigint not null,
        stored_bytes bigint not null,
        body bytea not null,
        created_at timestamptz not null,
        primary key (tenant, digest)
      )`);
    // Already compressed, and read piece by piece: stored plainly, a piece is read without what is before it.
    await runner.query('alter table artifacts alter column body set storage external');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table artifacts');
    await runner.query('drop table facts');
    await runner.query('drop table jobs');
    await runner.query('drop table repositories');
  }
}
