import { Type, type Static } from 'typebox';
import { IdPrefix, UUID_PATTERN } from './ids.js';

/** A file that a person gave with a message. */
export const AttachmentId = Type.String({ pattern: `^${IdPrefix.attachment}${UUID_PATTERN}$` });

/** How many bytes of a file one answer to a worker carries, and one row of the relay's database holds. */
export const ATTACHMENT_CHUNK_BYTES = 1024 * 1024;

/** The largest size of an image's small version. */
export const ATTACHMENT_THUMBNAIL_BYTES = 128 * 1024;

export const Attachment = Type.Object({
  attachmentId: AttachmentId,
  /** The name on the person's machine, without folders and control characters. It is not safe as a file name everywhere. */
  name: Type.String({ minLength: 1, maxLength: 200 }),
  /** For an image, determined by its bytes. For anything else, as the uploader declared it, so not to be relied on. */
  mediaType: Type.String({ minLength: 1, maxLength: 200 }),
  /** In bytes. */
  size: Type.Integer({ minimum: 0 }),
  /** Whether its bytes begin like those of a PNG, JPEG, GIF or WebP. */
  isImage: Type.Boolean(),
});
export type Attachment = Static<typeof Attachment>;
