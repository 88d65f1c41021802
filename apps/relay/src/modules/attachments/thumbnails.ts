import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ATTACHMENT_THUMBNAIL_BYTES, ProblemCode } from '@pizzapi/protocol';
import { conflict, invalid, ProblemError } from '../../platform/http/problem.error.js';
import { AttachmentRepository, type Thumbnail } from './attachment.repository.js';
import { bytesText } from './bytes-text.js';
import { mediaTypeOf } from './media-type.js';
import type { KeptAttachment } from './read-attachment.js';

/**
 * Small versions of images. The client that uploads an image makes them, because decoding untrusted images in the relay would be a risk. So a thumbnail
 * may show something else than its image, which is harmless: the image itself may show anything.
 */
@Injectable()
export class Thumbnails {
  constructor(private readonly attachments: AttachmentRepository) {}

  /** Keeps an existing one. @throws ProblemError 400 if the body is not an image, 409 if the attachment is not one, 413 if it is too large */
  async keep({ attachmentId, isImage, size }: KeptAttachment, body: Readable, declaredBytes: number): Promise<void> {
    if (!isImage) throw conflict(ProblemCode.conflict, 'Only images have a small version.');
    // Refused before the body is read, as the client can still receive the response then.
    const max = Math.min(ATTACHMENT_THUMBNAIL_BYTES, size);
    if (declaredBytes > max) throw tooLarge(max);
    const bytes = await read(body, max);
    const { mediaType, isImage: isShown } = mediaTypeOf(bytes, '');
    if (!isShown) throw invalid('body', 'must be a PNG, JPEG, GIF or WebP');
    await this.attachments.keepThumbnail(attachmentId, { mediaType, bytes });
  }

  find(attachmentId: string): Promise<Thumbnail | null> {
    return this.attachments.thumbnail(attachmentId);
  }
}

async function read(body: Readable, max: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > max) throw tooLarge(max);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(max: number): ProblemError {
  const detail = `The small version of this image may have ${bytesText(max)}; make it smaller.`;
  return new ProblemError(413, ProblemCode.attachmentTooLarge, detail);
}
