import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import { lock } from '../../platform/database/lock.js';
import { AttachmentEntity } from './attachment.entity.js';

@Injectable()
export class AttachmentRepository {
  constructor(private readonly database: Database) {}

  find(attachmentId: string): Promise<AttachmentEntity | null> {
    return this.database.read.findOneBy(AttachmentEntity, { attachmentId });
  }

  /**
   * All of it or nothing. `chunks` is read inside the transaction, so it must be quick.
   * @returns the row of that id, which may have been there before; `full`: the session has as many bytes as it may
   */
  insert(
    row: AttachmentEntity,
    chunks: AsyncIterable<Buffer>,
    maxBytesOfSession: number,
  ): Promise<AttachmentEntity | 'full'> {
    return this.database.write(async (transaction) => {
      await lock(transaction, `attachments.${row.sessionId}`);
      const known = await transaction.findOneBy(AttachmentEntity, { attachmentId: row.attachmentId });
      if (known) return known;
      const sum = await transaction
        .createQueryBuilder(AttachmentEntity, 'a')
        .select('COALESCE(SUM(a.size), 0)', 'bytes')
        .where({ sessionId: row.sessionId })
        .getRawOne<{ bytes: unknown }>();
      if (Number(sum?.bytes ?? 0) + row.size > maxBytesOfSession) return 'full';
      await transaction.insert(AttachmentEntity, row);
      let ordinal = 0;
      for await (const bytes of chunks) {
        // No entity: a column of bytes is called differently by each database.
        await transaction.query('INSERT INTO attachment_chunks (attachment_id, ordinal, bytes) VALUES ($1, $2, $3)', [
          row.attachmentId,
          ordinal++,
          bytes,
        ]);
      }
      return row;
    });
  }

  /** Null: there is no such chunk. */
  async chunk(attachmentId: string, ordinal: number): Promise<Buffer | null> {
    const rows: unknown = await this.database.read.query(
      'SELECT bytes FROM attachment_chunks WHERE attachment_id = $1 AND ordinal = $2',
      [attachmentId, ordinal],
    );
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    return typeof row === 'object' && row !== null && 'bytes' in row && Buffer.isBuffer(row.bytes) ? row.bytes : null;
  }

  /** From now on they stay. @returns those that are there, which another one may have removed a moment ago */
  async markSent(sessionId: string, attachmentIds: readonly string[], at: Date): Promise<AttachmentEntity[]> {
    const those = { sessionId, attachmentId: In([...attachmentIds]) };
    return this.database.write(async (transaction) => {
      await transaction.update(AttachmentEntity, { ...those, sentAt: IsNull() }, { sentAt: at });
      return transaction.findBy(AttachmentEntity, those);
    });
  }

  /** @returns whether it was there and no message had it */
  async deleteUnsent(attachmentId: string): Promise<boolean> {
    const { affected } = await this.database.write((transaction) =>
      transaction.delete(AttachmentEntity, { attachmentId, sentAt: IsNull() }),
    );
    return affected === 1;
  }

  async deleteUnsentBefore(time: Date): Promise<void> {
    const stale = { sentAt: IsNull(), createdAt: LessThan(time) };
    // Read first: mostly there is nothing to write.
    if (!(await this.database.read.existsBy(AttachmentEntity, stale))) return;
    await this.database.write((transaction) => transaction.delete(AttachmentEntity, stale));
  }
}
