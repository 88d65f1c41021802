import { Injectable } from '@nestjs/common';
import { type Attachment, ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import { invalid, ProblemError } from '../../platform/http/problem.error.js';
import { attachmentView } from './attachment-view.js';
import { AttachmentRepository } from './attachment.repository.js';

/** Gives uploaded files to a message: from then on they stay as long as their session. */
@Injectable()
export class SendAttachments {
  constructor(
    private readonly attachments: AttachmentRepository,
    private readonly config: RelayConfig,
  ) {}

  /** In the order of the ids. @throws ProblemError 400 too many, 422 one that the session does not have */
  async run(sessionId: string, attachmentIds: readonly string[]): Promise<Attachment[]> {
    const ids = [...new Set(attachmentIds)];
    if (ids.length === 0) return [];
    const max = this.config.attachmentsPerMessage;
    if (ids.length > max)
      throw invalid('attachments', `must not be more than ${max} (PIZZAPI_MAX_ATTACHMENTS_PER_MESSAGE)`);
    const sent = await this.attachments.markSent(sessionId, ids, new Date());
    const found = new Map(sent.map((row) => [row.attachmentId, row]));
    return ids.map((id) => attachmentView(found.get(id) ?? unknown(id)));
  }
}

function unknown(attachmentId: string): never {
  throw new ProblemError(
    422,
    ProblemCode.attachmentUnknown,
    `The session has no file ${attachmentId.slice(0, 60)}, or it waited for its message longer than a day; upload it again.`,
  );
}
