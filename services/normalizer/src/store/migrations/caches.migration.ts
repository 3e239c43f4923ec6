import { trackArtifacts, untrackArtifacts } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each artifact was last used and which events name it, so that what nobody needs can go. */
export class Caches1790000000000 implements MigrationInterface {
  readonly name = 'Caches1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await trackArtifacts(runner);
    await runner.query('create index repositories_by_head on repositories (tenant, head_hash) where removed_at is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index repositories_by_head');
    await untrackArtifacts(runner);
  }
}
