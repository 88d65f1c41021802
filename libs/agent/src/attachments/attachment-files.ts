import type { Attachment } from '@pizzapi/protocol';

/** Where this machine keeps the files of a session's messages. */
export interface AttachmentFiles {
  /**
   * Brings a file here, unless it is here already.
   * @throws AttachmentsAwayError when it may succeed later; any other error when it will not: the message then goes without the file
   */
  fetch(attachment: Attachment): Promise<void>;
  /** Absolute, and readable by the session's tools; null when it is not here. */
  pathOf(attachment: Attachment): string | null;
}
