import type { Attachment } from '@pizzapi/protocol';
import { isAttachment } from '../../core/api/attachments-api';

const PREFIX = 'pizzapi.draft-files.';

/** The files that were uploaded for a draft, by its session or what else it is of; they survive a reload. */
export function readDraftFiles(draft: string): Attachment[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + draft) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isAttachment) : [];
  } catch {
    // Not ours or cut short: there is no file in it.
    return [];
  }
}

export function writeDraftFiles(draft: string, attachments: readonly Attachment[]): void {
  if (attachments.length === 0) localStorage.removeItem(PREFIX + draft);
  else localStorage.setItem(PREFIX + draft, JSON.stringify(attachments));
}
