import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['artifact_repositories'];

/** Which repositories an artifact is of, so that who may see some of them may read it. It goes with the artifact. */
export class ArtifactRepositories1785000000000 implements MigrationInterface {
  readonly name = 'ArtifactRepositories1785000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table artifact_repositories (
        tenant text not null,
        digest text not null,
        repository_id uuid not null,
        primary key (tenant, digest, repository_id),
        foreign key (tenant, digest) references artifacts on delete cascade
      )`);
    await separateTenants(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, TABLES);
    await runner.query('drop table artifact_repositories');
  }
}
