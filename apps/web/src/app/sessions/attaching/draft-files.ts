import type { Attachment } from '@pizzapi/protocol';
import { isAttachment } from '../../core/api/attachments-api';

const PREFIX = 'pizzapi.draft-files.';

/** The files uploaded for a draft, by session or other key; they survive a reload. */
export function readDraftFiles(draft: string): Attachment[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + draft) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isAttachment) : [];
  } catch {
    // Damaged or written by something else: it names no file.
    return [];
  }
}

export function writeDraftFiles(draft: string, attachments: readonly Attachment[]): void {
  if (attachments.length === 0) localStorage.removeItem(PREFIX + draft);
  else localStorage.setItem(PREFIX + draft, JSON.stringify(attachments));
}
