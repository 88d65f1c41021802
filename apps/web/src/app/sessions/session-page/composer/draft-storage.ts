const PREFIX = 'pizzapi.draft.';

/** What was typed and not yet sent, by session; it survives a reload. */
export function readDraft(sessionId: string): string {
  return localStorage.getItem(PREFIX + sessionId) ?? '';
}

export function writeDraft(sessionId: string, text: string): void {
  if (text === '') localStorage.removeItem(PREFIX + sessionId);
  else localStorage.setItem(PREFIX + sessionId, text);
}
