import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session may go on from what was said in another one. */
export class Forks1732170000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN forked_from text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN forked_from');
  }
}
