import type { TriggerCriteria, TriggerPayload } from '@pizzapi/protocol';
import { matchesFilters } from './match-filters.js';
import { matchesParams } from './match-params.js';

/** What a subscription or listener asks for. As stored, what was not given is null. */
export type Criteria = { [K in keyof TriggerCriteria]?: TriggerCriteria[K] | null };

/** Whether a trigger of the right type is wanted: params and filters must both match. Without either, every trigger is wanted. */
export function matchesTrigger({ params, filters, filterMode }: Criteria, payload: TriggerPayload): boolean {
  return matchesParams(params ?? {}, payload) && matchesFilters(filters ?? [], filterMode ?? 'and', payload);
}
