import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, Like } from 'typeorm';
import { Database, type Transaction } from '../../platform/database/database.js';
import { lock } from '../../platform/database/lock.js';
import { AttachmentEntity } from './attachment.entity.js';

/** An image, small enough for a list. */
export interface Thumbnail {
  mediaType: string;
  bytes: Buffer;
}

/** How many bytes of files there may be. */
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
   * All of it or nothing. `chunks` is read inside the transaction, so it must be quick.
   * @returns the row of that id, which may have been there before; a limit's name: it would be exceeded
   */
  insert(
    row: AttachmentEntity,
    chunks: AsyncIterable<Buffer>,
    limits: AttachmentLimits,
  ): Promise<AttachmentEntity | keyof AttachmentLimits> {
    return this.database.write(async (transaction) => {
      // The sum of all is not worth that everybody waits for everybody: it may be exceeded by what is uploaded just now.
      for (const place of [row.ownerId, row.sessionId]) await lock(transaction, `attachments.${place ?? ''}`);
      const known = await transaction.findOneBy(AttachmentEntity, { attachmentId: row.attachmentId });
      if (known) return known;
      const exceeded = await exceededBy(transaction, row, limits);
      if (exceeded) return exceeded;
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

  /** The first one stays. */
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

  /** For a message that is about to be accepted: they wait a day from now. @returns those that are there, which another one may have removed a moment ago */
  async hold(sessionId: string, attachmentIds: readonly string[], messageId: string): Promise<AttachmentEntity[]> {
    return this.database.write(async (transaction) => {
      await lock(transaction, `attachments.${sessionId}`);
      const found = await transaction.find(AttachmentEntity, {
        where: { sessionId, attachmentId: In([...attachmentIds]) },
        // Whoever removes stale ones meanwhile waits, and then finds it fresh.
        ...(this.database.type === 'postgres' && { lock: { mode: 'pessimistic_write' as const } }),
      });
      return transaction.save(found.map((row) => heldBy(row, messageId)));
    });
  }

  /** A message that has them was accepted: from now on they stay, unless that one was taken back meanwhile. Without its id: whichever it is. */
  async claim(sessionId: string, attachmentIds: readonly string[], messageId = ''): Promise<void> {
    const messageIds = Like(`%${messageId}%`);
    const held = { sessionId, attachmentId: In([...attachmentIds]), sentAt: IsNull(), messageIds };
    await this.database.write((transaction) => transaction.update(AttachmentEntity, held, { sentAt: new Date() }));
  }

  /** Gives files that wait for a session to that one, with its first message. @returns how many there were to give */
  async give(
    transaction: Transaction,
    { ownerId, sessionId, messageId }: { ownerId: string; sessionId: string; messageId: string },
    attachmentIds: readonly string[],
  ): Promise<number> {
    const waiting = { ownerId, sessionId: IsNull(), attachmentId: In([...attachmentIds]) };
    const fields = { sessionId, sentAt: new Date(), messageIds: [messageId] };
    return (await transaction.update(AttachmentEntity, waiting, fields)).affected ?? 0;
  }

  /** The message was taken back: what no other one has waits again, as if it had just been uploaded. */
  async markUnsent(sessionId: string, messageId: string): Promise<void> {
    await this.database.write(async (transaction) => {
      await lock(transaction, `attachments.${sessionId}`);
      const found = await transaction.findBy(AttachmentEntity, { sessionId, messageIds: Like(`%${messageId}%`) });
      await transaction.save(found.map((row) => sentWithout(row, messageId)));
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

/** Stands for a message that had the file before messages were noted. */
const UNKNOWN_MESSAGE = 'before';

function heldBy(row: AttachmentEntity, messageId: string): AttachmentEntity {
  // What an older relay sent belongs to a message whose id is not noted.
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
  // Of a session that is yet to be started nothing is known but this.
  const ofSession = sessionId === null ? 0 : await bytes({ sessionId });
  if (ofSession + size > limits.session) return 'session';
  if (ownerId !== null && (await bytes({ ownerId })) + size > limits.owner) return 'owner';
  return (await bytes({})) + size > limits.relay ? 'relay' : null;
}
