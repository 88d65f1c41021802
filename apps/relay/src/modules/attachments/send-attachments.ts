import { Injectable } from '@nestjs/common';
import { type Attachment, ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import type { Transaction } from '../../platform/database/database.js';
import { invalid, ProblemError } from '../../platform/http/problem.error.js';
import type { AttachmentEntity } from './attachment.entity.js';
import { attachmentView } from './attachment-view.js';
import { AttachmentRepository } from './attachment.repository.js';
import { noRoom } from './no-room.js';

/** The message that starts a session. */
export interface FirstMessage {
  ownerId: string;
  sessionId: string;
  messageId: string;
}

/** Attaches uploaded files to messages. Once a message is accepted, its files are kept as long as their session, unless it is withdrawn. */
@Injectable()
export class SendAttachments {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly config: RelayConfig,
  ) {}

  /**
   * Reserves files for a message before it is accepted. If it never is, nothing has to be undone: the files are removed after a day like any unsent ones.
   * @returns them in the order of the ids
   * @throws ProblemError 400 if there are too many, 422 if one does not belong to the session
   */
  async hold(sessionId: string, messageId: string, attachmentIds: readonly string[]): Promise<Attachment[]> {
    const ids = this.checked(attachmentIds);
    if (ids.length === 0) return [];
    return viewsOf(ids, await this.attachments.hold(sessionId, ids, messageId));
  }

  /** Marks the files of an accepted message as sent. @param messageId without it, any message that holds them */
  async claim(sessionId: string, attachments: readonly Attachment[], messageId?: string): Promise<void> {
    const ids = attachments.map(({ attachmentId }) => attachmentId);
    if (ids.length > 0) await this.attachments.claim(sessionId, ids, messageId);
  }

  /** Finds the files of a session's first message, before the session exists. @throws ProblemError as {@link hold}, also for files of another user */
  async find({ ownerId, sessionId }: FirstMessage, attachmentIds: readonly string[]): Promise<Attachment[]> {
    const ids = this.checked(attachmentIds);
    if (ids.length === 0) return [];
    // Already assigned to this session if the request is repeated.
    const isFree = (row: AttachmentEntity): boolean => row.sessionId === null || row.sessionId === sessionId;
    const found = (await this.attachments.findAll(ids)).filter((row) => row.ownerId === ownerId && isFree(row));
    const max = this.config.sessionAttachmentBytes;
    if (found.reduce((sum, { size }) => sum + size, 0) > max) throw noRoom('session', max);
    return viewsOf(ids, found);
  }

  /** Assigns files to a session in the transaction that creates it. @throws ProblemError 422 if one has been removed since */
  async give(transaction: Transaction, first: FirstMessage, attachments: readonly Attachment[]): Promise<void> {
    if (attachments.length === 0) return;
    const ids = attachments.map(({ attachmentId }) => attachmentId);
    if ((await this.attachments.give(transaction, first, ids)) < ids.length) throw unknown(ids, ids);
  }

  /** Releases the files of a message that was withdrawn or discarded: they may be sent again or removed. */
  takeBack(sessionId: string, messageId: string): Promise<void> {
    return this.attachments.markUnsent(sessionId, messageId);
  }

  private checked(attachmentIds: readonly string[]): string[] {
    const ids = [...new Set(attachmentIds)];
    const max = this.config.attachmentsPerMessage;
    if (ids.length > max)
      throw invalid('attachments', `must not be more than ${max} (PIZZAPI_MAX_ATTACHMENTS_PER_MESSAGE)`);
    return ids;
  }
}

function viewsOf(ids: readonly string[], found: readonly AttachmentEntity[]): Attachment[] {
  const byId = new Map(found.map((row) => [row.attachmentId, attachmentView(row)]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0) throw unknown(ids, missing);
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function unknown(ids: readonly string[], missing: readonly string[]): ProblemError {
  const names = missing.map((id) => id.slice(0, 60)).join(', ');
  const errors = missing.map((id) => ({ path: `attachments.${ids.indexOf(id)}`, message: 'is not there' }));
  return new ProblemError(
    422,
    ProblemCode.attachmentUnknown,
    `There is no file ${names} for this message: it is another session's, or waited longer than a day. Upload it again.`,
    { errors },
  );
}
