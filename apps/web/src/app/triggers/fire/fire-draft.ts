import type { FireTriggerDto } from '@pizzapi/api-client';
import type { TriggerDelivery } from '@pizzapi/protocol';
import type { ApiProblem } from '../../core/api/api-problem';
import { isRecord } from '../../core/shape';

export interface FireDraft {
  runnerId: string;
  type: string;
  payload: string;
  deliverAs: TriggerDelivery;
  summary: string;
}

export type FireProblems = Partial<Record<'type' | 'payload' | 'summary' | 'form', string>>;

const CODES: Record<string, keyof FireProblems> = {
  unknown_trigger_type: 'type',
  trigger_type_disabled: 'type',
  payload_too_large: 'payload',
};

/** The request, or why the payload is none. */
export function fireRequest({ type, payload, deliverAs, summary }: FireDraft): FireTriggerDto | { problem: string } {
  const parsed = parsedPayload(payload);
  if ('problem' in parsed) return parsed;
  return { type, payload: parsed.payload, deliverAs, ...(summary.trim() ? { summary: summary.trim() } : {}) };
}

function parsedPayload(text: string): { payload: Record<string, unknown> } | { problem: string } {
  try {
    const payload: unknown = JSON.parse(text.trim() || '{}');
    return isRecord(payload) ? { payload } : { problem: 'The payload must be a JSON object: {…}' };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The relay's messages, each beside its field; for the payload, every place that breaks the schema. */
export function fireProblems(problem: ApiProblem): FireProblems {
  const places = problem.fields.filter(({ path }) => /^payload\b/.test(path));
  if (places.length > 0) return { payload: places.map(({ path, message }) => said(path, message)).join('; ') };
  const field = CODES[problem.code];
  if (field !== undefined) return { [field]: problem.message };
  const found: FireProblems = {};
  for (const name of ['type', 'summary'] as const) {
    const message = problem.field(name);
    if (message !== undefined) found[name] = message;
  }
  return Object.keys(found).length > 0 ? found : { form: problem.message };
}

function said(path: string, message: string): string {
  return message.startsWith(path) ? message : `${path} ${message}`;
}
