import { type MigrationInterface, type QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';

const sessionId = { name: 'session_id', type: 'varchar' };
const ownerIndex = new TableIndex({ columnNames: ['owner_id'] });

/** A file of a message belongs to its uploader, may exist before its session, and knows which messages have it; an image has a small version. */
export class AttachmentOwners1732170000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('attachments', [
      new TableColumn({ name: 'owner_id', type: 'varchar', isNullable: true }),
      new TableColumn({ name: 'message_ids', type: 'varchar', default: "'[]'" }),
    ]);
    await runner.query(
      'UPDATE attachments SET owner_id = (SELECT s.owner_id FROM sessions s WHERE s.session_id = attachments.session_id)',
    );
    await runner.query(`UPDATE attachments SET message_ids = '["before"]' WHERE sent_at IS NOT NULL`);
    await change(runner, { from: false, to: true });
    await runner.createIndex('attachments', ownerIndex);
    await runner.createTable(
      new Table({
        name: 'attachment_thumbnails',
        columns: [
          { name: 'attachment_id', type: 'varchar', isPrimary: true },
          { name: 'media_type', type: 'varchar' },
          { name: 'bytes', type: runner.connection.options.type === 'postgres' ? 'bytea' : 'blob' },
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
    await runner.dropTable('attachment_thumbnails');
    await runner.dropIndex('attachments', ownerIndex);
    await runner.query('DELETE FROM attachments WHERE session_id IS NULL');
    await change(runner, { from: true, to: false });
    await runner.dropColumns('attachments', ['message_ids', 'owner_id']);
  }
}

async function change(runner: QueryRunner, isNullable: { from: boolean; to: boolean }): Promise<void> {
  const before = new TableColumn({ ...sessionId, isNullable: isNullable.from });
  await runner.changeColumn('attachments', before, new TableColumn({ ...sessionId, isNullable: isNullable.to }));
}
