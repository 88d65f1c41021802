import type { ListenerView, MissedRuns, ModelInfo } from '@pizzapi/protocol';
import type { ListenerRequest } from '../../core/api/listeners-api';
import { type CriteriaDraft, criteriaOf, draftOf, NO_CRITERIA } from '../../triggers/criteria/criteria-draft';
import type { SchemaField } from '../../triggers/criteria/schema-fields';
import { modelKey } from '../../sessions/new-session/start-session';
import { parseWait, waitWords } from '../../ui/wait-duration';

/** A listener as its form holds it. Empty means: the default. */
export interface ListenerDraft {
  triggerType: string;
  prompt: string;
  cwd: string;
  /** `provider/id`. */
  model: string;
  enabled: boolean;
  maxWait: string;
  maxConcurrent: string;
  missedRuns: MissedRuns;
}

export const NEW_LISTENER: ListenerDraft = {
  triggerType: '',
  prompt: '',
  cwd: '',
  model: '',
  enabled: true,
  maxWait: '24 hours',
  maxConcurrent: '',
  missedRuns: 'all',
};

export type DraftProblems = Partial<Record<keyof ListenerDraft | 'criteria' | 'form', string>>;

export function listenerDraft(listener: ListenerView): ListenerDraft {
  const { triggerType, prompt, cwd, model, enabled, maxWaitMs, maxConcurrent, missedRuns } = listener;
  return {
    triggerType,
    prompt: prompt ?? '',
    cwd: cwd ?? '',
    model: model ? modelKey(model) : '',
    enabled,
    maxWait: waitWords(maxWaitMs),
    maxConcurrent: maxConcurrent === null ? '' : String(maxConcurrent),
    missedRuns,
  };
}

export function criteriaDraft(listener: ListenerView | null, fields: readonly SchemaField[]): CriteriaDraft {
  return listener ? draftOf(listener, fields) : NO_CRITERIA;
}

/** What the form can check by itself; the rest is up to the relay. */
export function draftProblems({ triggerType, maxWait, maxConcurrent }: ListenerDraft): DraftProblems {
  const limit = Number(maxConcurrent);
  const isLimit = maxConcurrent.trim() === '' || (Number.isInteger(limit) && limit >= 1 && limit <= 100);
  return {
    ...(triggerType === '' ? { triggerType: 'Choose what it listens for' } : {}),
    ...(parseWait(maxWait) === null
      ? { maxWait: 'Say it as “90 minutes”, “24 hours” or “3 days”; at most 30 days' }
      : {}),
    ...(isLimit ? {} : { maxConcurrent: 'A whole number from 1 to 100, or nothing' }),
  };
}

/** What the relay is asked for. A model that the runner does not list at the moment stays what it was. */
export function listenerRequest(
  draft: ListenerDraft,
  criteria: CriteriaDraft,
  fields: readonly SchemaField[],
  models: readonly ModelInfo[],
  before: ListenerView | null,
): ListenerRequest {
  const chosen = models.find((model) => modelKey(model) === draft.model);
  const kept = before?.model && modelKey(before.model) === draft.model ? before.model : null;
  const maxWaitMs = parseWait(draft.maxWait);
  return {
    ...criteriaOf(criteria, fields),
    triggerType: draft.triggerType,
    prompt: draft.prompt.trim() === '' ? null : draft.prompt,
    cwd: draft.cwd.trim() || null,
    model: chosen ? { provider: chosen.provider, id: chosen.id } : kept,
    enabled: draft.enabled,
    ...(maxWaitMs === null ? {} : { maxWaitMs }),
    maxConcurrent: draft.maxConcurrent.trim() === '' ? null : Number(draft.maxConcurrent),
    missedRuns: draft.missedRuns,
  };
}

/** The same listener, enabled or disabled: a replacement sends every field. */
export function switched(listener: ListenerView, enabled: boolean): ListenerRequest {
  const { triggerType, params, filters, filterMode, prompt, cwd, model, maxWaitMs, maxConcurrent, missedRuns } =
    listener;
  return {
    triggerType,
    ...(params ? { params } : {}),
    ...(filters ? { filters } : {}),
    filterMode,
    prompt,
    cwd,
    model,
    enabled,
    maxWaitMs,
    maxConcurrent,
    missedRuns,
  };
}

export const MISSED_RUNS: readonly { value: MissedRuns; words: string }[] = [
  { value: 'all', words: 'start a session for each' },
  { value: 'latest', words: 'start one, for the latest' },
  { value: 'none', words: 'start none' },
];
