import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a runner can that an older one cannot, as it says itself. */
export class RunnerAbilities1732170000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runners ADD COLUMN abilities text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runners DROP COLUMN abilities');
  }
}
