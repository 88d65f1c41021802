import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** Subscriptions, listeners, dead letters, what runners announce, and why a session was started. */
export class Triggers1732170000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Plain statements: the table builder would copy the whole table on SQLite.
    await runner.query('ALTER TABLE runners ADD COLUMN announcement text');
    for (const column of [
      'listener_id varchar',
      'trigger_id varchar',
      // Waits for room among its listener's sessions; no order for it yet.
      'is_held boolean NOT NULL DEFAULT false',
      // Thirty days in milliseconds are more than 32 bits hold.
      'max_wait_ms bigint',
      // Since when its order waits for the runner.
      'waits_since varchar',
      // When it first fell idle after working: until then it takes one of its listener's places.
      'first_turn_at varchar',
      // Started for a trigger that came while its runner was away.
      'is_missed_run boolean NOT NULL DEFAULT false',
    ])
      await runner.query(`ALTER TABLE sessions ADD COLUMN ${column}`);
    await runner.createIndex('sessions', new TableIndex({ columnNames: ['listener_id', 'status'] }));
    await runner.createIndex('sessions', new TableIndex({ columnNames: ['status', 'waits_since'] }));
    const criteria = [
      { name: 'params', type: 'text', isNullable: true },
      { name: 'filters', type: 'text', isNullable: true },
      { name: 'filter_mode', type: 'varchar' },
    ];
    const times = [
      { name: 'created_at', type: 'varchar' },
      { name: 'updated_at', type: 'varchar' },
    ];
    await runner.createTable(
      new Table({
        name: 'subscriptions',
        columns: [
          { name: 'subscription_id', type: 'varchar', isPrimary: true },
          { name: 'session_id', type: 'varchar' },
          { name: 'runner_id', type: 'varchar' },
          { name: 'owner_id', type: 'varchar' },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'trigger_type', type: 'varchar' },
          ...criteria,
          ...times,
        ],
        indices: [
          new TableIndex({ columnNames: ['runner_id', 'trigger_type'] }),
          new TableIndex({ columnNames: ['session_id', 'trigger_type'] }),
        ],
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
    await runner.createTable(
      new Table({
        name: 'listeners',
        columns: [
          { name: 'listener_id', type: 'varchar', isPrimary: true },
          { name: 'runner_id', type: 'varchar' },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'created_by', type: 'varchar' },
          { name: 'trigger_type', type: 'varchar' },
          { name: 'prompt', type: 'text', isNullable: true },
          { name: 'cwd', type: 'varchar', isNullable: true },
          { name: 'model_provider', type: 'varchar', isNullable: true },
          { name: 'model_id', type: 'varchar', isNullable: true },
          ...criteria,
          { name: 'enabled', type: 'boolean' },
          { name: 'disabled_reason', type: 'varchar', isNullable: true },
          { name: 'max_wait_ms', type: 'bigint' },
          { name: 'max_concurrent', type: 'integer', isNullable: true },
          { name: 'missed_runs', type: 'varchar' },
          // Kept for a while after its deletion: triggers that matched it before still start their sessions.
          { name: 'deleted_at', type: 'varchar', isNullable: true },
          ...times,
        ],
        indices: [new TableIndex({ columnNames: ['runner_id', 'trigger_type'] })],
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
    // No foreign keys: a dead letter outlives its session and its runner.
    await runner.createTable(
      new Table({
        name: 'dead_letters',
        columns: [
          { name: 'delivery_id', type: 'varchar', isPrimary: true },
          { name: 'owner_id', type: 'varchar' },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'kind', type: 'varchar' },
          { name: 'session_id', type: 'varchar' },
          { name: 'session_name', type: 'varchar', isNullable: true },
          { name: 'runner_id', type: 'varchar' },
          { name: 'trigger_id', type: 'varchar', isNullable: true },
          { name: 'listener_id', type: 'varchar', isNullable: true },
          { name: 'type', type: 'varchar', isNullable: true },
          { name: 'summary', type: 'text', isNullable: true },
          // The inbox item as it was, to be delivered again.
          { name: 'item', type: 'text' },
          { name: 'reason', type: 'text' },
          { name: 'attempts', type: 'integer' },
          { name: 'ts', type: 'varchar' },
          { name: 'died_at', type: 'varchar' },
        ],
        indices: [
          new TableIndex({ columnNames: ['owner_id', 'died_at', 'delivery_id'] }),
          new TableIndex({ columnNames: ['session_id'] }),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['dead_letters', 'listeners', 'subscriptions']) await runner.dropTable(table);
    for (const columnNames of [
      ['listener_id', 'status'],
      ['status', 'waits_since'],
    ])
      await runner.dropIndex('sessions', new TableIndex({ columnNames }));
    for (const column of [
      'listener_id',
      'trigger_id',
      'is_held',
      'max_wait_ms',
      'waits_since',
      'first_turn_at',
      'is_missed_run',
    ])
      await runner.query(`ALTER TABLE sessions DROP COLUMN ${column}`);
    await runner.query('ALTER TABLE runners DROP COLUMN announcement');
  }
}
