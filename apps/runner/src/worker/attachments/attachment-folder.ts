import { existsSync, mkdirSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttachmentFiles, AttachmentsAwayError } from '@pizzapi/agent';
import {
  type AgentAttachmentAnswer,
  type AgentAttachmentRequest,
  type Attachment,
  ProblemCode,
} from '@pizzapi/protocol';
import { RelayRefusedError } from '../../relay-link/refusal.js';
import { RelayNotReachedError } from '../relay-requests/relay-requests.js';
import { fileNameOf } from './file-name.js';

const PASSING = new Set<string>([ProblemCode.internal, ProblemCode.unavailable, ProblemCode.rateLimited]);

/** The relay's answer is not the file that it announced. */
export class AttachmentDamagedError extends Error {
  override readonly name = 'AttachmentDamagedError';

  constructor(name: string, size: number, got: number) {
    super(`The file ${name} has ${size} bytes, but the relay gave ${got}.`);
  }
}

interface AsksRelay {
  request(request: AgentAttachmentRequest): Promise<AgentAttachmentAnswer>;
}

/**
 * The files of one session's messages, fetched from the relay. They stay as long as the session, because the conversation names them. The
 * session's tools can read the folder and not write to it: this process, which is outside of their wall, writes there.
 */
export class AttachmentFolder implements AttachmentFiles {
  readonly path: string;

  /** @param root the folder of all sessions' files */
  constructor(
    root: string,
    sessionId: string,
    private readonly relay: AsksRelay,
  ) {
    this.path = join(root, sessionId);
    // Before the wall is built: what is not there then cannot be seen through it later.
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  pathOf(attachment: Attachment): string | null {
    const path = this.placeOf(attachment);
    return existsSync(path) && statSync(path).size === attachment.size ? path : null;
  }

  /** @throws AttachmentsAwayError, AttachmentDamagedError, the relay's refusal, or what the disk says */
  async fetch(attachment: Attachment): Promise<void> {
    if (this.pathOf(attachment) !== null) return;
    const path = this.placeOf(attachment);
    mkdirSync(join(this.path, attachment.attachmentId), { recursive: true, mode: 0o700 });
    const unfinished = `${path}.part`;
    try {
      await this.download(attachment, unfinished);
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw mayComeLater(error) ? new AttachmentsAwayError(attachment.name, error) : error;
    }
  }

  private async download({ attachmentId, name, size }: Attachment, path: string): Promise<void> {
    await using file = await open(path, 'w', 0o600);
    let written = 0;
    for (let chunk = 0; written < size; chunk++) {
      const { base64 } = await this.relay.request({ attachmentId, chunk });
      const bytes = Buffer.from(base64, 'base64');
      written += bytes.length;
      if (bytes.length === 0 || written > size) throw new AttachmentDamagedError(name, size, written);
      await file.appendFile(bytes); // all of it: `write` may stop in the middle of a piece
    }
    await file.datasync();
  }

  private placeOf({ attachmentId, name }: Attachment): string {
    return join(this.path, attachmentId, fileNameOf(name));
  }
}

/** The relay is away, or in trouble itself. What it refuses for a reason it refuses again. */
function mayComeLater(error: unknown): boolean {
  if (error instanceof RelayRefusedError) return PASSING.has(error.code);
  return error instanceof RelayNotReachedError;
}
