import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a session's tools are confined, as its worker says. */
export class Sandbox1732170000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // On SQLite, addColumn would rebuild the table as TypeORM remembers it, without what other migrations added by SQL.
    await runner.query('ALTER TABLE sessions ADD COLUMN sandbox text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN sandbox');
  }
}
