import { Injectable } from '@nestjs/common';
import type { Attachment } from '@pizzapi/protocol';
import { attachmentView } from './attachment-view.js';
import type { AttachmentEntity } from './attachment.entity.js';
import { AttachmentRepository } from './attachment.repository.js';

export interface KeptAttachment extends Attachment, Pick<AttachmentEntity, 'sessionId' | 'ownerId'> {
  /** Whether an accepted message contains it, as far as that has been recorded. */
  isSent: boolean;
}

/** Reads attachments and their content. */
@Injectable()
export class ReadAttachment {
  constructor(private readonly attachments: AttachmentRepository) {}

  /** Does not check access: callers do. @returns null if there is none with that id */
  async find(attachmentId: string): Promise<KeptAttachment | null> {
    const row = await this.attachments.find(attachmentId);
    return (
      row && { ...attachmentView(row), sessionId: row.sessionId, ownerId: row.ownerId, isSent: row.sentAt !== null }
    );
  }

  /** @returns null if there is no such chunk or attachment */
  chunk(attachmentId: string, ordinal: number): Promise<Buffer | null> {
    return this.attachments.chunk(attachmentId, ordinal);
  }

  /** The content in chunks, so that no file is in memory as a whole. @throws Error if it is removed meanwhile */
  async *bytes({ attachmentId, size }: Attachment): AsyncGenerator<Buffer> {
    for (let ordinal = 0, read = 0; read < size; ordinal++) {
      const chunk = await this.chunk(attachmentId, ordinal);
      if (chunk === null) throw new Error(`The attachment ${attachmentId} was removed while it was read.`);
      read += chunk.length;
      yield chunk;
    }
  }

  /** @returns whether it existed and was unsent */
  removeUnsent(attachmentId: string): Promise<boolean> {
    return this.attachments.deleteUnsent(attachmentId);
  }
}
