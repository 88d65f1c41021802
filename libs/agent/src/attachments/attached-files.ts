import type { ImageContent, TextContent } from '@earendil-works/pi-ai';
import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { Attachment, InboxItem } from '@pizzapi/protocol';
import type { AttachmentFiles } from './attachment-files.js';
import { AttachmentsAwayError } from './attachments-away-error.js';
import { attachmentsNote, type NotedFile } from './attachments-note.js';
import { modelImage } from './model-image.js';

/** What the model gets of a message's files: the images themselves, and a note that says where the files are. */
export interface AttachedParts {
  note: TextContent;
  images: ImageContent[];
}

/**
 * The files of messages that wait. What a model is to see of them is made ready before a message waits, because one that enters a running
 * turn must be there at once.
 */
export class AttachedFiles {
  readonly #session: AgentSession;
  readonly #files: AttachmentFiles | null;
  readonly #images = new Map<string, ImageContent>();
  /** Why a file is not here. */
  readonly #problems = new Map<string, string>();
  /** Messages whose files are still on their way here. The relay has handed them over, and the session's file has them not yet. */
  readonly #arriving = new Map<string, InboxItem>();

  constructor(session: AgentSession, files: AttachmentFiles | null) {
    this.#session = session;
    this.#files = files;
  }

  /** Fetches what these messages bring. @throws AttachmentsAwayError when one must come again later */
  async prepare(items: readonly InboxItem[]): Promise<void> {
    for (const item of items) this.#arriving.set(item.deliveryId, item);
    try {
      await this.#fetch(items);
    } finally {
      for (const { deliveryId } of items) this.#arriving.delete(deliveryId);
    }
  }

  /** The person's message of this id, while its files are being fetched; otherwise null. */
  arriving(inputId: string): InboxItem | null {
    const item = this.#arriving.get(inputId);
    return item?.kind === 'input' ? item : null;
  }

  async #fetch(items: readonly InboxItem[]): Promise<void> {
    for (const attachment of items.flatMap(({ attachments = [] }) => attachments)) {
      try {
        await this.#files?.fetch(attachment);
      } catch (error) {
        if (error instanceof AttachmentsAwayError) throw error;
        this.#problems.set(attachment.attachmentId, error instanceof Error ? error.message : String(error));
      }
      await this.#load(attachment);
    }
  }

  /** For messages that the session's file holds: their files are here already, or cannot be had. */
  async restore(items: readonly InboxItem[]): Promise<void> {
    for (const attachment of items.flatMap(({ attachments = [] }) => attachments)) await this.#load(attachment);
  }

  /** Null for a message without files. */
  partsOf({ attachments = [] }: InboxItem): AttachedParts | null {
    if (attachments.length === 0) return null;
    const noted = attachments.map((attachment) => this.#noted(attachment));
    return {
      note: { type: 'text', text: attachmentsNote(noted) },
      images: noted.flatMap(({ image }) => (image ? [image] : [])),
    };
  }

  /** The message is in the conversation: what was kept for it is not needed any more. */
  forget(attachments: readonly { attachmentId: string }[]): void {
    for (const { attachmentId } of attachments) {
      this.#images.delete(attachmentId);
      this.#problems.delete(attachmentId);
    }
  }

  /** What to tell the sender of a command that made no message: that nobody saw its files. Null where it had none. */
  unseen({ attachments = [] }: InboxItem): string | null {
    if (attachments.length === 0) return null;
    this.forget(attachments);
    const names = attachments.map(({ name }) => name).join(', ');
    return `This command takes no files, so ${names} went unseen. Send ${attachments.length === 1 ? 'it' : 'them'} with a message.`;
  }

  #noted(attachment: Attachment): NotedFile & { image: ImageContent | null } {
    const takesImages = this.#session.model?.input.includes('image') === true;
    const image = takesImages ? (this.#images.get(attachment.attachmentId) ?? null) : null;
    return {
      attachment,
      path: this.#files?.pathOf(attachment) ?? null,
      problem: this.#problems.get(attachment.attachmentId) ?? null,
      image,
      takesImages,
    };
  }

  async #load(attachment: Attachment): Promise<void> {
    const { attachmentId, isImage, mediaType } = attachment;
    const path = this.#files?.pathOf(attachment) ?? null;
    if (!isImage || path === null || this.#images.has(attachmentId)) return;
    const image = await modelImage(path, mediaType, this.#session);
    if (image) this.#images.set(attachmentId, image);
  }
}
