import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../platform/http/problem.error.js';
import type { AttachmentLimits } from './attachment.repository.js';
import { bytesText } from './bytes-text.js';

/** The problem when attachments would exceed a limit; it names the limit and says what to do. */
export function noRoom(limit: keyof AttachmentLimits, max: number): ProblemError {
  const bytes = bytesText(max);
  switch (limit) {
    case 'session':
      return new ProblemError(
        413,
        ProblemCode.tooManyAttachments,
        `The files of a session may have ${bytes} together (PIZZAPI_MAX_SESSION_ATTACHMENT_BYTES), and this one would go beyond.`,
      );
    case 'owner':
      return new ProblemError(
        413,
        ProblemCode.attachmentQuota,
        `Your files may have ${bytes} together (PIZZAPI_MAX_USER_ATTACHMENT_BYTES), and this one would go beyond. Delete sessions that you no longer need: their files go with them.`,
      );
    case 'relay':
      return new ProblemError(
        507,
        ProblemCode.attachmentStoreFull,
        `The relay keeps ${bytes} of files at most (PIZZAPI_MAX_ATTACHMENT_STORE_BYTES), and this one would go beyond. Ask who runs it to raise that, or delete old sessions.`,
      );
  }
}
