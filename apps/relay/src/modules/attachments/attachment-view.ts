import type { Attachment } from '@pizzapi/protocol';
import type { AttachmentEntity } from './attachment.entity.js';

/** An attachment as messages and REST responses contain it. */
export function attachmentView({ attachmentId, name, mediaType, size, isImage }: AttachmentEntity): Attachment {
  return { attachmentId, name, mediaType, size, isImage };
}
