import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session that is being stopped starts no more children. */
export class StoppingSessions1732170000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // On SQLite, addColumn would rebuild the table as TypeORM remembers it, without what other migrations added by SQL.
    await runner.query('ALTER TABLE sessions ADD COLUMN is_stopping boolean NOT NULL DEFAULT FALSE');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN is_stopping');
  }
}
