import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of a tool's result whose text is cut in the transcript: how many bytes all of it has. */
export class OutputBytes1732170000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE transcript_entries ADD COLUMN output_bytes integer');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE transcript_entries DROP COLUMN output_bytes');
  }
}
