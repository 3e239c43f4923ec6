import { joinTenants, separateTenants } from '@granary/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Separates the tenants for whoever asks the log. The policy is that of the log: nobody asks its partitions, which are kept
 * from everybody but their owner, the writer.
 */
export class TenantRows1780000000000 implements MigrationInterface {
  readonly name = 'TenantRows1780000000000';

  async up(runner: QueryRunner): Promise<void> {
    await separateTenants(runner, ['event_log']);
    for (const partition of await partitionsOf(runner)) await runner.query(`alter table ${partition} enable row level security`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const partition of await partitionsOf(runner)) await runner.query(`alter table ${partition} disable row level security`);
    await joinTenants(runner, ['event_log']);
  }
}

async function partitionsOf(runner: QueryRunner): Promise<string[]> {
  const rows = (await runner.query(`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'event_log'::regclass`)) as { name: string }[];
  return rows.map(({ name }) => name);
}
