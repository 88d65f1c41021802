const STORAGE_KEY = 'pizzapi.draft.new-session';

/** What was typed into the dialog, kept until a session was started with it. `model` is `provider/id`; empty means the default. */
export interface NewSessionDraft {
  runnerId: string;
  cwd: string;
  model: string;
  prompt: string;
}

export const EMPTY_DRAFT: NewSessionDraft = { runnerId: '', cwd: '', model: '', prompt: '' };

export function readDraft(): NewSessionDraft {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
    return { ...EMPTY_DRAFT, ...texts(stored) };
  } catch {
    // Damaged or written by something else: start with an empty dialog.
    return EMPTY_DRAFT;
  }
}

export function keepDraft(draft: NewSessionDraft): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
}

/** After the prompt was sent, runner, folder and model stay as defaults for the next session. */
export function settleDraft(draft: NewSessionDraft): void {
  keepDraft({ ...draft, prompt: '' });
}

function texts(value: unknown): Partial<NewSessionDraft> {
  if (typeof value !== 'object' || value === null) return {};
  const known = Object.keys(EMPTY_DRAFT);
  return Object.fromEntries(
    Object.entries(value).filter(([key, text]) => known.includes(key) && typeof text === 'string'),
  );
}
