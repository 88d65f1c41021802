import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { ATTACHMENT_CHUNK_BYTES, type Attachment, IdPrefix, ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import { conflict, type ProblemError } from '../../platform/http/problem.error.js';
import { attachmentName } from './attachment-name.js';
import { attachmentView } from './attachment-view.js';
import { AttachmentRepository } from './attachment.repository.js';
import { HEAD_BYTES, mediaTypeOf } from './media-type.js';
import { noRoom } from './no-room.js';

/** An uploaded file on this replica's disk. */
export interface Upload {
  path: string;
  name: string;
  declaredType: string;
  size: number;
}

/** Who uploads it, and for which session; null: for one that does not exist yet. */
export interface UploadPlace {
  sessionId: string | null;
  ownerId: string;
}

/** Moves an uploaded file into the database, where every replica can read it. */
@Injectable()
export class KeepUpload {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly config: RelayConfig,
  ) {}

  /** Idempotent: the same operation with the same content returns the same attachment. @throws ProblemError 409, 413 */
  async run(place: UploadPlace, operationId: string, upload: Upload): Promise<Attachment> {
    const { path, name, declaredType, size } = upload;
    await using file = await open(path);
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    const row = {
      attachmentId: IdPrefix.attachment + operationId,
      ...place,
      name: attachmentName(name),
      ...mediaTypeOf(head.subarray(0, bytesRead), declaredType),
      size,
      sha256: await hashOf(file),
      createdAt: new Date(),
      messageIds: [],
      sentAt: null,
    };
    const limits = {
      session: this.config.sessionAttachmentBytes,
      owner: this.config.userAttachmentBytes,
      relay: this.config.attachmentStoreBytes,
    };
    const kept = await this.attachments.insert(row, chunksOf(file), limits);
    if (typeof kept === 'string') throw noRoom(kept, limits[kept]);
    if (kept.ownerId !== row.ownerId || kept.sha256 !== row.sha256) throw otherBody();
    return attachmentView(kept);
  }
}

async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) hash.update(chunk);
  return hash.digest('hex');
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const buffer = Buffer.alloc(ATTACHMENT_CHUNK_BYTES);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function otherBody(): ProblemError {
  return conflict(
    ProblemCode.idempotencyMismatch,
    'This Idempotency-Key was used with another file; use a new key for a new upload.',
  );
}
