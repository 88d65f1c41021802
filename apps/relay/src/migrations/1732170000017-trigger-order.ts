import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Listeners' sessions know the order in which their triggers were accepted. */
export class TriggerOrder1732170000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // On SQLite, addColumn would rebuild the table as TypeORM remembers it, without what other migrations added by SQL.
    await runner.query('ALTER TABLE sessions ADD COLUMN trigger_order varchar');
    // The same form, and near enough: what has a session by now was accepted before whatever comes.
    await runner.query('UPDATE sessions SET trigger_order = created_at WHERE listener_id IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN trigger_order');
  }
}
