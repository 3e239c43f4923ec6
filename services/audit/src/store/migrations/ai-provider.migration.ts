import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Records of the AI audit by their provider: without it a search for one that was rarely called reads all of the tenant's. */
export class AiProvider1790000000025 implements MigrationInterface {
  readonly name = 'AiProvider1790000000025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index ai_record_provider on ai_record (tenant, provider, stored_at, epoch, sequence) where provider is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index ai_record_provider');
  }
}
