import type { TriggerCriteria, TriggerPayload } from '@pizzapi/protocol';
import { matchesFilters } from './match-filters.js';
import { matchesParams } from './match-params.js';

/** What a subscription or listener asks for, as it is stored: what is not given is null. */
export type Criteria = { [K in keyof TriggerCriteria]?: TriggerCriteria[K] | null };

/** Whether a trigger of the right type is wanted. Params and filters must both match where both are given; without either, every one is. */
export function matchesTrigger({ params, filters, filterMode }: Criteria, payload: TriggerPayload): boolean {
  return matchesParams(params ?? {}, payload) && matchesFilters(filters ?? [], filterMode ?? 'and', payload);
}
