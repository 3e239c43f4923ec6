import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_TENANTS = ['repositories', 'jobs', 'facts', 'artifacts', 'findings', 'ai_usage', 'ai_postures', 'gates'];

/** Says of every row whose it is, and separates the tenants. */
export class TenantRows1780000000000 implements MigrationInterface {
  readonly name = 'TenantRows1780000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['ai_usage', 'ai_postures']) {
      await runner.query(`alter table ${table} add column tenant text`);
      await runner.query(`update ${table} set tenant = repositories.tenant from repositories where repositories.repository_id = ${table}.repository_id`);
      await runner.query(`alter table ${table} alter column tenant set not null`);
    }
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, OF_TENANTS);
    for (const table of ['ai_usage', 'ai_postures']) await runner.query(`alter table ${table} drop column tenant`);
  }
}
