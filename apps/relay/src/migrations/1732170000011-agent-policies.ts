import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** What organisations say of all their agents. */
export class AgentPolicies1732170000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'agent_policies',
        columns: [
          { name: 'organisation_id', type: 'varchar', isPrimary: true },
          { name: 'policy', type: 'text' },
          { name: 'updated_by', type: 'text' },
          { name: 'updated_at', type: 'varchar' },
        ],
        foreignKeys: [
          {
            columnNames: ['organisation_id'],
            referencedTableName: 'organisations',
            referencedColumnNames: ['organisation_id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('agent_policies');
  }
}
