import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Marks announcements that wait behind a dead one, so that the relay does not read them again and again. */
export class OutboxBehind1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table outbox add column behind boolean not null default false`);
    await runner.query(`create index outbox_ready on outbox (id) where dead_at is null and not behind`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index outbox_ready`);
    await runner.query(`alter table outbox drop column behind`);
  }
}
