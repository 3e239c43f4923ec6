import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const OF_TENANTS = ['repositories', 'graphs', 'artifacts', 'names'];

/** Separates the tenants. */
export class TenantRows1780000000000 implements MigrationInterface {
  readonly name = 'TenantRows1780000000000';

  async up(runner: QueryRunner): Promise<void> {
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, OF_TENANTS);
  }
}
