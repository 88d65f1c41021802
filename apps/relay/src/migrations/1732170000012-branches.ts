import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tree of a session's entries, and which of them the conversation now goes along. */
export class Branches1732170000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Of entries that were there before: the one before it.
    await runner.query('ALTER TABLE transcript_entries ADD COLUMN parent_id varchar');
    await runner.query('ALTER TABLE transcript_entries ADD COLUMN is_hidden boolean NOT NULL DEFAULT FALSE');
    await runner.query('ALTER TABLE sessions ADD COLUMN branch_seq integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const column of ['is_hidden', 'parent_id'])
      await runner.query(`ALTER TABLE transcript_entries DROP COLUMN ${column}`);
    await runner.query('ALTER TABLE sessions DROP COLUMN branch_seq');
  }
}
