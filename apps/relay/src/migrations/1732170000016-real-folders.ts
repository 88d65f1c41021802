import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A child session works in the very folder that its parent was allowed, and in none that this leads to later. */
export class RealFolders1732170000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN is_folder_real boolean NOT NULL DEFAULT FALSE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN is_folder_real');
  }
}
