import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why a runner cannot confine its sessions' tools, as it says itself. */
export class RunnerSandbox1732170000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // On SQLite, addColumn would rebuild the table as TypeORM remembers it, without what other migrations added by SQL.
    await runner.query('ALTER TABLE runners ADD COLUMN sandbox_gap text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runners DROP COLUMN sandbox_gap');
  }
}
