import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, Like } from 'typeorm';
import { Database, type Transaction } from '../../platform/database/database.js';
import { lock } from '../../platform/database/lock.js';
import { AttachmentEntity } from './attachment.entity.js';

/** A small version of an image, for lists. */
export interface Thumbnail {
  mediaType: string;
  bytes: Buffer;
}

/** The maximum total size of attachments, in bytes. */
export interface AttachmentLimits {
  session: number;
  owner: number;
  relay: number;
}

@Injectable()
export class AttachmentRepository {
  constructor(private readonly database: Database) {}

  find(attachmentId: string): Promise<AttachmentEntity | null> {
    return this.database.read.findOneBy(AttachmentEntity, { attachmentId });
  }

  findAll(attachmentIds: readonly string[]): Promise<AttachmentEntity[]> {
    return this.database.read.findBy(AttachmentEntity, { attachmentId: In([...attachmentIds]) });
  }

  /**
   * Stores the row and its content in one transaction. `chunks` is read inside that transaction, so it must be fast.
   * @returns the row with that id, which may have existed already; or the name of the limit that would be exceeded
   */
  insert(
    row: AttachmentEntity,
    chunks: AsyncIterable<Buffer>,
    limits: AttachmentLimits,
  ): Promise<AttachmentEntity | keyof AttachmentLimits> {
    return this.database.write(async (transaction) => {
      // The relay-wide total is not locked, which would serialise all uploads: concurrent ones may exceed it slightly.
      for (const place of [row.ownerId, row.sessionId]) await lock(transaction, `attachments.${place ?? ''}`);
      const known = await transaction.findOneBy(AttachmentEntity, { attachmentId: row.attachmentId });
      if (known) return known;
      const exceeded = await exceededBy(transaction, row, limits);
      if (exceeded) return exceeded;
      await transaction.insert(AttachmentEntity, row);
      let ordinal = 0;
      for await (const bytes of chunks) {
        // Plain SQL instead of an entity: the binary column type differs between the databases.
        await transaction.query('INSERT INTO attachment_chunks (attachment_id, ordinal, bytes) VALUES ($1, $2, $3)', [
          row.attachmentId,
          ordinal++,
          bytes,
        ]);
      }
      return row;
    });
  }

  /** @returns null if there is no such chunk */
  async chunk(attachmentId: string, ordinal: number): Promise<Buffer | null> {
    const rows: unknown = await this.database.read.query(
      'SELECT bytes FROM attachment_chunks WHERE attachment_id = $1 AND ordinal = $2',
      [attachmentId, ordinal],
    );
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    return typeof row === 'object' && row !== null && 'bytes' in row && Buffer.isBuffer(row.bytes) ? row.bytes : null;
  }

  /** Keeps an existing thumbnail. */
  async keepThumbnail(attachmentId: string, { mediaType, bytes }: Thumbnail): Promise<void> {
    await this.database.write(async (transaction) => {
      if (!(await transaction.existsBy(AttachmentEntity, { attachmentId }))) return;
      await transaction.query(
        'INSERT INTO attachment_thumbnails (attachment_id, media_type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [attachmentId, mediaType, bytes],
      );
    });
  }

  async thumbnail(attachmentId: string): Promise<Thumbnail | null> {
    const rows: unknown = await this.database.read.query(
      'SELECT media_type, bytes FROM attachment_thumbnails WHERE attachment_id = $1',
      [attachmentId],
    );
    const row: unknown = Array.isArray(rows) ? rows[0] : undefined;
    if (typeof row !== 'object' || row === null || !('media_type' in row) || !('bytes' in row)) return null;
    const { media_type: mediaType, bytes } = row;
    return typeof mediaType === 'string' && Buffer.isBuffer(bytes) ? { mediaType, bytes } : null;
  }

  /**
   * Reserves files for a message that is about to be accepted: unsent ones are kept for another day.
   * @returns those that exist
   */
  async hold(sessionId: string, attachmentIds: readonly string[], messageId: string): Promise<AttachmentEntity[]> {
    return this.database.write(async (transaction) => {
      await lock(transaction, `attachments.${sessionId}`);
      const found = await transaction.find(AttachmentEntity, {
        where: { sessionId, attachmentId: In([...attachmentIds]) },
        // A concurrent removal of stale files waits for this, and then finds them recent.
        ...(this.database.type === 'postgres' && { lock: { mode: 'pessimistic_write' as const } }),
      });
      return transaction.save(found.map((row) => heldBy(row, messageId)));
    });
  }

  /**
   * Marks files as sent, after a message with them was accepted; not if it was withdrawn in the meantime.
   * @param messageId without it, any message that holds the files
   */
  async claim(sessionId: string, attachmentIds: readonly string[], messageId = ''): Promise<void> {
    const messageIds = Like(`%${messageId}%`);
    const held = { sessionId, attachmentId: In([...attachmentIds]), sentAt: IsNull(), messageIds };
    await this.database.write((transaction) => transaction.update(AttachmentEntity, held, { sentAt: new Date() }));
  }

  /** Assigns files that were uploaded before their session to it, for its first message. @returns how many were assigned */
  async give(
    transaction: Transaction,
    { ownerId, sessionId, messageId }: { ownerId: string; sessionId: string; messageId: string },
    attachmentIds: readonly string[],
  ): Promise<number> {
    const waiting = { ownerId, sessionId: IsNull(), attachmentId: In([...attachmentIds]) };
    const fields = { sessionId, sentAt: new Date(), messageIds: [messageId] };
    return (await transaction.update(AttachmentEntity, waiting, fields)).affected ?? 0;
  }

  /** Detaches a withdrawn message: files that no other message contains become unsent again, as if just uploaded. */
  async markUnsent(sessionId: string, messageId: string): Promise<void> {
    await this.database.write(async (transaction) => {
      await lock(transaction, `attachments.${sessionId}`);
      const found = await transaction.findBy(AttachmentEntity, { sessionId, messageIds: Like(`%${messageId}%`) });
      await transaction.save(found.map((row) => sentWithout(row, messageId)));
    });
  }

  /** @returns whether it existed and was unsent */
  async deleteUnsent(attachmentId: string): Promise<boolean> {
    const { affected } = await this.database.write((transaction) =>
      transaction.delete(AttachmentEntity, { attachmentId, sentAt: IsNull() }),
    );
    return affected === 1;
  }

  async deleteUnsentBefore(time: Date): Promise<void> {
    const stale = { sentAt: IsNull(), createdAt: LessThan(time) };
    // Reading first avoids a write transaction, as there is usually nothing to delete.
    if (!(await this.database.read.existsBy(AttachmentEntity, stale))) return;
    await this.database.write((transaction) => transaction.delete(AttachmentEntity, stale));
  }
}

/** Stands for a message from before message ids were recorded. */
const UNKNOWN_MESSAGE = 'before';

function heldBy(row: AttachmentEntity, messageId: string): AttachmentEntity {
  // Sent by an older relay, which did not record the message's id.
  const before = row.sentAt !== null && row.messageIds.length === 0 ? [UNKNOWN_MESSAGE] : row.messageIds;
  const messageIds = [...new Set([...before, messageId])];
  return Object.assign(row, { messageIds, ...(row.sentAt === null && { createdAt: new Date() }) });
}

function sentWithout(row: AttachmentEntity, messageId: string): AttachmentEntity {
  const messageIds = row.messageIds.filter((id) => id !== messageId);
  if (messageIds.length === row.messageIds.length) return row;
  return Object.assign(
    row,
    messageIds.length > 0 ? { messageIds } : { messageIds, sentAt: null, createdAt: new Date() },
  );
}

async function exceededBy(
  transaction: Transaction,
  { sessionId, ownerId, size }: AttachmentEntity,
  limits: AttachmentLimits,
): Promise<keyof AttachmentLimits | null> {
  const bytes = async (of: { sessionId?: string; ownerId?: string }): Promise<number> =>
    (await transaction.sum(AttachmentEntity, 'size', of)) ?? 0;
  // A session that does not exist yet has no other files.
  const ofSession = sessionId === null ? 0 : await bytes({ sessionId });
  if (ofSession + size > limits.session) return 'session';
  if (ownerId !== null && (await bytes({ ownerId })) + size > limits.owner) return 'owner';
  return (await bytes({})) + size > limits.relay ? 'relay' : null;
}
