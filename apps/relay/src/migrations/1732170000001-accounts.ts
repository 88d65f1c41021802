import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** Written with TypeORM's table builder, so that one migration serves SQLite and PostgreSQL. */
export class Accounts1732170000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'users',
        columns: [
          { name: 'user_id', type: 'varchar', isPrimary: true },
          { name: 'name', type: 'varchar' },
          { name: 'email', type: 'varchar' },
          { name: 'password_hash', type: 'varchar' },
          { name: 'created_at', type: 'varchar' },
        ],
        indices: [new TableIndex({ columnNames: ['email'], isUnique: true })],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'organisations',
        columns: [
          { name: 'organisation_id', type: 'varchar', isPrimary: true },
          { name: 'name', type: 'varchar' },
          { name: 'created_at', type: 'varchar' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'members',
        columns: [
          { name: 'user_id', type: 'varchar', isPrimary: true },
          { name: 'organisation_id', type: 'varchar', isPrimary: true },
          { name: 'role', type: 'varchar' },
          { name: 'joined_at', type: 'varchar' },
        ],
        indices: [new TableIndex({ columnNames: ['organisation_id', 'user_id'] })],
        foreignKeys: [
          {
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['user_id'],
            onDelete: 'CASCADE',
          },
          {
            columnNames: ['organisation_id'],
            referencedTableName: 'organisations',
            referencedColumnNames: ['organisation_id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'first_account',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true },
          { name: 'user_id', type: 'varchar' },
          { name: 'organisation_id', type: 'varchar' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'api_keys',
        columns: [
          { name: 'key_id', type: 'varchar', isPrimary: true },
          { name: 'organisation_id', type: 'varchar', isNullable: true },
          { name: 'owner_id', type: 'varchar', isNullable: true },
          { name: 'runner_id', type: 'varchar', isNullable: true },
          { name: 'name', type: 'varchar' },
          { name: 'prefix', type: 'varchar' },
          { name: 'hash', type: 'varchar' },
          { name: 'scopes', type: 'text' },
          { name: 'created_at', type: 'varchar' },
          { name: 'expires_at', type: 'varchar', isNullable: true },
          { name: 'last_used_at', type: 'varchar', isNullable: true },
          { name: 'revoked_at', type: 'varchar', isNullable: true },
        ],
        indices: [
          new TableIndex({ columnNames: ['hash'], isUnique: true }),
          new TableIndex({ columnNames: ['owner_id', 'key_id'] }),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'invitations',
        columns: [
          { name: 'invitation_id', type: 'varchar', isPrimary: true },
          { name: 'organisation_id', type: 'varchar' },
          { name: 'email', type: 'varchar', isNullable: true },
          { name: 'role', type: 'varchar' },
          { name: 'hash', type: 'varchar' },
          { name: 'invited_by', type: 'varchar' },
          { name: 'created_at', type: 'varchar' },
          { name: 'expires_at', type: 'varchar' },
          { name: 'accepted_by', type: 'varchar', isNullable: true },
        ],
        indices: [
          new TableIndex({ columnNames: ['hash'], isUnique: true }),
          new TableIndex({ columnNames: ['organisation_id', 'invitation_id'] }),
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
    for (const table of ['invitations', 'api_keys', 'first_account', 'members', 'organisations', 'users'])
      await runner.dropTable(table);
  }
}
