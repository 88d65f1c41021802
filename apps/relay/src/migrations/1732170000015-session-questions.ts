import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many questions wait in a session. */
export class SessionQuestions1732170000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Null also of a session that waits right now, until it asks or hears something: it counts as one question.
    await runner.query('ALTER TABLE sessions ADD COLUMN questions text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN questions');
  }
}
