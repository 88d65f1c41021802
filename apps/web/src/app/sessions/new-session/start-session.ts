import type { Attachment, ModelRef } from '@pizzapi/protocol';
import type { ApiProblem } from '../../core/api/api-problem';
import type { CreateSession } from '../../core/api/sessions-api';
import type { NewSessionDraft } from './new-session-draft';

/** A model's key in the draft and in the select. */
export function modelKey(model: { provider: string; id: string }): string {
  return `${model.provider}/${model.id}`;
}

/** The model with a key. */
export function modelOf(key: string): ModelRef | null {
  const end = key.indexOf('/');
  return end > 0 ? { provider: key.slice(0, end), id: key.slice(end + 1) } : null;
}

/** The request for a draft. */
export function requestFor(draft: NewSessionDraft, files: readonly Attachment[] = []): CreateSession {
  const model = modelOf(draft.model);
  return {
    runnerId: draft.runnerId,
    ...(draft.cwd.trim() ? { cwd: draft.cwd.trim() } : {}),
    ...(draft.prompt.trim() ? { prompt: draft.prompt } : {}),
    ...(files.length > 0 ? { attachments: files.map(({ attachmentId }) => attachmentId) } : {}),
    ...(model ? { model } : {}),
  };
}

const FIELD_OF_CODE: Record<string, keyof NewSessionDraft> = {
  folder_missing: 'cwd',
  folder_outside_roots: 'cwd',
  model_unknown: 'model',
  no_model_configured: 'model',
  prompt_too_large: 'prompt',
  body_too_large: 'prompt',
  attachment_unknown: 'prompt',
  runner_offline: 'runnerId',
};

/** The server's messages, each beside its field; those without a field are under `form`. */
export function problemsByField(problem: ApiProblem): Partial<Record<keyof NewSessionDraft | 'form', string>> {
  const fields: (keyof NewSessionDraft)[] = ['runnerId', 'cwd', 'model', 'prompt'];
  const found = fields.flatMap((field) => {
    const message = problem.field(field);
    return message ? [[field, message] as const] : [];
  });
  if (found.length > 0) return Object.fromEntries(found);
  return { [FIELD_OF_CODE[problem.code] ?? 'form']: problem.message };
}
