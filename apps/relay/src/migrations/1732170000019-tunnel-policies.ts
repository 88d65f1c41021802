import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

/** Which roles of an organisation may open which ports. */
export class TunnelPolicies1732170000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'tunnel_policies',
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
    await runner.dropTable('tunnel_policies');
  }
}
