import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session that another one has started is never less confined than that. */
export class SandboxFrames1732170000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN sandbox_frame text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN sandbox_frame');
  }
}
