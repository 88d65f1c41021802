import { Type, type Static } from 'typebox';
import { IdPrefix, UUID_PATTERN } from './ids.js';

/** A file that a person gave with a message. */
export const AttachmentId = Type.String({ pattern: `^${IdPrefix.attachment}${UUID_PATTERN}$` });

/** What of a file's bytes travels in one answer to a worker, and lies in one row of the relay's database. */
export const ATTACHMENT_CHUNK_BYTES = 1024 * 1024;

/** What the small version of an image may have. */
export const ATTACHMENT_THUMBNAIL_BYTES = 128 * 1024;

export const Attachment = Type.Object({
  attachmentId: AttachmentId,
  /** As the person's machine called it: no folders, no control characters. Not safe as a file's name everywhere. */
  name: Type.String({ minLength: 1, maxLength: 200 }),
  /** An image's as its bytes say; of anything else as it was declared, so nothing to rely on. */
  mediaType: Type.String({ minLength: 1, maxLength: 200 }),
  size: Type.Integer({ minimum: 0 }),
  /** Its bytes begin like those of a PNG, JPEG, GIF or WebP. */
  isImage: Type.Boolean(),
});
export type Attachment = Static<typeof Attachment>;
