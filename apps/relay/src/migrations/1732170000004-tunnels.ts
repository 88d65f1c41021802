import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** Ports of runners that may be reached through the relay. */
export class Tunnels1732170000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'tunnels',
        columns: [
          { name: 'tunnel_id', type: 'varchar', isPrimary: true },
          { name: 'label', type: 'varchar', isUnique: true },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'owner_id', type: 'varchar' },
          { name: 'runner_id', type: 'varchar' },
          // No foreign key: whoever closes the tunnels of a session that is gone must still find them.
          { name: 'session_id', type: 'varchar', isNullable: true },
          { name: 'service_id', type: 'varchar', isNullable: true },
          // Of a session; a service's changes with every start and is the runner's to know.
          { name: 'port', type: 'integer', isNullable: true },
          { name: 'name', type: 'varchar' },
          { name: 'opened_by', type: 'varchar' },
          { name: 'created_at', type: 'varchar' },
        ],
        indices: [
          new TableIndex({ columnNames: ['runner_id', 'service_id'], isUnique: true }),
          new TableIndex({ columnNames: ['session_id', 'port'], isUnique: true }),
          new TableIndex({ columnNames: ['owner_id', 'tunnel_id'] }),
        ],
        foreignKeys: [
          {
            columnNames: ['runner_id'],
            referencedTableName: 'runners',
            referencedColumnNames: ['runner_id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tunnels');
  }
}
