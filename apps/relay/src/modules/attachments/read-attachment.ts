import { Injectable } from '@nestjs/common';
import type { Attachment } from '@pizzapi/protocol';
import { attachmentView } from './attachment-view.js';
import type { AttachmentEntity } from './attachment.entity.js';
import { AttachmentRepository } from './attachment.repository.js';

export interface KeptAttachment extends Attachment, Pick<AttachmentEntity, 'sessionId' | 'ownerId'> {
  /** Whether it is noted that a message that has it was accepted. */
  isSent: boolean;
}

/** Finds attachments and their bytes. */
@Injectable()
export class ReadAttachment {
  constructor(private readonly attachments: AttachmentRepository) {}

  /** Null when there is none of that id. Whether the caller may see its session, or is its owner, is theirs to ask. */
  async find(attachmentId: string): Promise<KeptAttachment | null> {
    const row = await this.attachments.find(attachmentId);
    return (
      row && { ...attachmentView(row), sessionId: row.sessionId, ownerId: row.ownerId, isSent: row.sentAt !== null }
    );
  }

  /** Null: there is no such chunk, or no such file. */
  chunk(attachmentId: string, ordinal: number): Promise<Buffer | null> {
    return this.attachments.chunk(attachmentId, ordinal);
  }

  /** Chunk by chunk, so that no file is in memory whole. */
  async *bytes({ attachmentId, size }: Attachment): AsyncGenerator<Buffer> {
    for (let ordinal = 0, read = 0; read < size; ordinal++) {
      const chunk = await this.chunk(attachmentId, ordinal);
      if (chunk === null) throw new Error(`The attachment ${attachmentId} was removed while it was read.`);
      read += chunk.length;
      yield chunk;
    }
  }

  /** @returns whether it was there and no message had it */
  removeUnsent(attachmentId: string): Promise<boolean> {
    return this.attachments.deleteUnsent(attachmentId);
  }
}
