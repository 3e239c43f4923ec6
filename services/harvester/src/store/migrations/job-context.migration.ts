import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which trace and for which work a harvest was asked for: it runs later, perhaps in another process. */
export class JobContext1795000000000 implements MigrationInterface {
  readonly name = 'JobContext1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table jobs add column traceparent text, add column baggage text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table jobs drop column traceparent, drop column baggage');
  }
}
