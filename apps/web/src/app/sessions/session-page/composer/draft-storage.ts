import type { Attachment } from '@pizzapi/protocol';
import { isAttachment } from '../../../core/api/attachments-api';

const PREFIX = 'pizzapi.draft.';

/** What was typed and not yet sent, by session; it survives a reload. */
export function readDraft(sessionId: string): string {
  return localStorage.getItem(PREFIX + sessionId) ?? '';
}

export function writeDraft(sessionId: string, text: string): void {
  if (text === '') localStorage.removeItem(PREFIX + sessionId);
  else localStorage.setItem(PREFIX + sessionId, text);
}

const FILES_PREFIX = 'pizzapi.draft-files.';

/** The files that were uploaded for the draft. */
export function readDraftFiles(sessionId: string): Attachment[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(FILES_PREFIX + sessionId) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isAttachment) : [];
  } catch {
    // Not ours or cut short: there is no file in it.
    return [];
  }
}

export function writeDraftFiles(sessionId: string, attachments: readonly Attachment[]): void {
  if (attachments.length === 0) localStorage.removeItem(FILES_PREFIX + sessionId);
  else localStorage.setItem(FILES_PREFIX + sessionId, JSON.stringify(attachments));
}
