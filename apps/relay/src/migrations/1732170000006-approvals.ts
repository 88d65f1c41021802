import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** What agents asked people, and how it ended. */
export class Approvals1732170000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'approvals',
        columns: [
          { name: 'approval_id', type: 'varchar', isPrimary: true },
          { name: 'session_id', type: 'varchar' },
          { name: 'request', type: 'text' },
          { name: 'outcome', type: 'varchar', isNullable: true },
          { name: 'settlement', type: 'text', isNullable: true },
        ],
        indices: [new TableIndex({ columnNames: ['session_id', 'approval_id'] })],
        foreignKeys: [
          {
            columnNames: ['session_id'],
            referencedTableName: 'sessions',
            referencedColumnNames: ['session_id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('approvals');
  }
}
