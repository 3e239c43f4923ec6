import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which commit of a repository the gate withheld: it was harvested, so nobody waits for it. */
export class Withheld1760000000000 implements MigrationInterface {
  readonly name = 'Withheld1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table repositories add column withheld_commit text');
    await runner.query(`
      update repositories repository set withheld_commit = repository.head_commit, unharvested_since = null
      where head_commit is distinct from harvested_commit
        and exists (select 1 from jobs job where job.repository_id = repository.repository_id and job.state = 'blocked' and job.commit = repository.head_commit)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('update repositories set unharvested_since = head_moved_at where withheld_commit is not null and withheld_commit = head_commit and unharvested_since is null');
    await runner.query('alter table repositories drop column withheld_commit');
  }
}
