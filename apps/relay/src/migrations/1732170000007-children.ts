import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const REPORTS_OF_APPROVALS = new TableIndex({ columnNames: ['approval_id'] });
const CHILDREN = new TableIndex({ columnNames: ['parent_session_id'] });
const TREE = new TableIndex({ columnNames: ['root_session_id', 'status'] });

/** Where sessions stand in the tree of those that started one another, and what children have to tell their parents. */
export class Children1732170000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions ADD COLUMN root_session_id varchar');
    await runner.query('ALTER TABLE sessions ADD COLUMN depth integer NOT NULL DEFAULT 0');
    await runner.createIndices('sessions', [CHILDREN, TREE]);
    // No foreign keys: that a session was deleted is told after it is gone.
    await runner.createTable(
      new Table({
        name: 'child_reports',
        columns: [
          { name: 'trigger_id', type: 'varchar', isPrimary: true },
          { name: 'session_id', type: 'varchar' },
          { name: 'parent_session_id', type: 'varchar' },
          { name: 'type', type: 'varchar' },
          { name: 'payload', type: 'text' },
          { name: 'summary', type: 'varchar' },
          { name: 'approval_id', type: 'varchar', isNullable: true },
          { name: 'ordinal', type: 'integer' },
          { name: 'created_at', type: 'varchar' },
          { name: 'accepted_at', type: 'varchar', isNullable: true },
          { name: 'settled_at', type: 'varchar', isNullable: true },
        ],
        indices: [
          new TableIndex({ columnNames: ['accepted_at', 'created_at'] }),
          new TableIndex({ columnNames: ['parent_session_id', 'approval_id'] }),
          REPORTS_OF_APPROVALS,
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('child_reports');
    await runner.dropIndices('sessions', [CHILDREN, TREE]);
    for (const column of ['depth', 'root_session_id']) await runner.query(`ALTER TABLE sessions DROP COLUMN ${column}`);
  }
}
