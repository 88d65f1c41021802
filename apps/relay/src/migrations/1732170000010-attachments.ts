import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

/** Files that people gave with messages. Their bytes lie in rows of their own, so that no row is large and every replica has them. */
export class Attachments1732170000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const bytes = runner.connection.options.type === 'postgres' ? 'bytea' : 'blob';
    await runner.createTable(
      new Table({
        name: 'attachments',
        columns: [
          { name: 'attachment_id', type: 'varchar', isPrimary: true },
          { name: 'session_id', type: 'varchar' },
          { name: 'name', type: 'varchar' },
          { name: 'media_type', type: 'varchar' },
          { name: 'is_image', type: 'boolean' },
          { name: 'size', type: 'integer' },
          { name: 'sha256', type: 'varchar' },
          { name: 'created_at', type: 'varchar' },
          { name: 'sent_at', type: 'varchar', isNullable: true },
        ],
        indices: [
          new TableIndex({ columnNames: ['session_id'] }),
          // Those that were never sent are looked for again and again.
          new TableIndex({ columnNames: ['sent_at', 'created_at'] }),
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
        name: 'attachment_chunks',
        columns: [
          { name: 'attachment_id', type: 'varchar', isPrimary: true },
          { name: 'ordinal', type: 'integer', isPrimary: true },
          { name: 'bytes', type: bytes },
        ],
        foreignKeys: [
          {
            columnNames: ['attachment_id'],
            referencedTableName: 'attachments',
            referencedColumnNames: ['attachment_id'],
            onDelete: 'CASCADE',
          },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['attachment_chunks', 'attachments']) await runner.dropTable(table);
  }
}
