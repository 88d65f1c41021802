import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** Written with TypeORM's table builder, so that one migration serves SQLite and PostgreSQL. */
export class RunnersAndSessions1732170000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'runners',
        columns: [
          { name: 'runner_id', type: 'varchar', isPrimary: true },
          { name: 'organisation_id', type: 'varchar', isNullable: true },
          { name: 'owner_id', type: 'varchar', isNullable: true },
          { name: 'name', type: 'varchar' },
          { name: 'given_name', type: 'varchar', isNullable: true },
          { name: 'platform', type: 'varchar' },
          { name: 'version', type: 'varchar' },
          { name: 'roots', type: 'text' },
          { name: 'last_seen_at', type: 'varchar', isNullable: true },
          { name: 'created_at', type: 'varchar' },
        ],
        indices: [new TableIndex({ columnNames: ['owner_id'] })],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'sessions',
        columns: [
          { name: 'session_id', type: 'varchar', isPrimary: true },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'owner_id', type: 'varchar' },
          { name: 'runner_id', type: 'varchar' },
          { name: 'parent_session_id', type: 'varchar', isNullable: true },
          { name: 'name', type: 'varchar' },
          { name: 'cwd', type: 'varchar' },
          { name: 'model_provider', type: 'varchar', isNullable: true },
          { name: 'model_id', type: 'varchar', isNullable: true },
          { name: 'status', type: 'varchar' },
          { name: 'activity', type: 'varchar', isNullable: true },
          { name: 'failure', type: 'text', isNullable: true },
          { name: 'usage', type: 'text', isNullable: true },
          { name: 'is_pinned', type: 'boolean' },
          { name: 'transcribed_seq', type: 'integer' },
          { name: 'open_items', type: 'text' },
          { name: 'is_interrupted', type: 'boolean' },
          { name: 'started_at', type: 'varchar', isNullable: true },
          { name: 'spawned_seq', type: 'integer' },
          { name: 'search_text', type: 'text' },
          { name: 'created_at', type: 'varchar' },
          { name: 'updated_at', type: 'varchar' },
        ],
        // A page of the list is one owner's sessions, pinned first, newest first.
        indices: [
          new TableIndex({ columnNames: ['owner_id', 'is_pinned', 'updated_at', 'session_id'] }),
          new TableIndex({ columnNames: ['runner_id', 'status'] }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'transcript_entries',
        columns: [
          { name: 'session_id', type: 'varchar', isPrimary: true },
          { name: 'seq', type: 'integer', isPrimary: true },
          { name: 'entry_id', type: 'varchar' },
          { name: 'kind', type: 'varchar' },
          { name: 'ts', type: 'varchar' },
          { name: 'content', type: 'text' },
        ],
        indices: [new TableIndex({ columnNames: ['session_id', 'entry_id'], isUnique: true })],
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
    for (const table of ['transcript_entries', 'sessions', 'runners']) await runner.dropTable(table);
  }
}
