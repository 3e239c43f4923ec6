import type { MigrationInterface, QueryRunner } from 'typeorm';
import { joinTenants, separateTenants } from '../separate-tenants.store';

const OF_TENANTS = ['outbox', 'inbox', 'held_events'];

/** Separates what the event path keeps of tenants. The leases, the replicas and what they suspect belong to none. */
export class EventPathTenants1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table outbox add column tenant text not null generated always as (split_part(lane_key, '.', 1)) stored`);
    await separateTenants(runner, OF_TENANTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await joinTenants(runner, OF_TENANTS);
    await runner.query('alter table outbox drop column tenant');
  }
}
