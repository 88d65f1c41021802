import type { FilterMode, TriggerFilter, TriggerPayload } from '@pizzapi/protocol';

const INDEX = /^(0|[1-9]\d*)$/;
/** JSON may contain it as a field, but a filter that names it is not after data. */
const NEVER = '__proto__';

/** Whether all (`and`) or any (`or`) of the filters match. No filters match everything. */
export function matchesFilters(filters: readonly TriggerFilter[], mode: FilterMode, payload: TriggerPayload): boolean {
  if (filters.length === 0) return true;
  return mode === 'or'
    ? filters.some((filter) => matchesFilter(filter, payload))
    : filters.every((filter) => matchesFilter(filter, payload));
}

/** Filters are strict: values are not converted, and case counts. A path that leads nowhere is not an error; it never matches. */
function matchesFilter({ field, value, op }: TriggerFilter, payload: TriggerPayload): boolean {
  const actual = valueAt(payload, field);
  if (actual === undefined) return false;
  const wanted = Array.isArray(value) ? value : [value];
  if (op !== 'contains') return wanted.some((each) => each === actual);
  return typeof actual === 'string' && wanted.some((each) => typeof each === 'string' && actual.includes(each));
}

/** Follows a dot-path through fields of objects and indices of lists; undefined if it leads nowhere. */
function valueAt(payload: TriggerPayload, path: string): unknown {
  let at: unknown = payload;
  for (const segment of path.split('.')) {
    if (Array.isArray(at)) at = INDEX.test(segment) ? at[Number(segment)] : undefined;
    else if (isRecord(at) && segment !== NEVER && Object.hasOwn(at, segment)) at = at[segment];
    else return undefined;
  }
  return at;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
