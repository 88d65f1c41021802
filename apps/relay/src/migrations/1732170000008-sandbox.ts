import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

/** How a session's tools are confined, as its worker says. */
export class Sandbox1732170000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('sessions', new TableColumn({ name: 'sandbox', type: 'text', isNullable: true }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('sessions', 'sandbox');
  }
}
