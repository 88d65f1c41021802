import { TriggerCriteria, type FilterMode, type TriggerFilter, type TriggerParams } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';

/** Criteria as their columns hold them. */
export interface CriteriaColumns {
  params: string | null;
  filters: string | null;
  filterMode: string;
}

/** Criteria as they are stored: whole. */
export interface StoredCriteria {
  params: TriggerParams | null;
  filters: TriggerFilter[] | null;
  filterMode: FilterMode;
}

/** What of it is to be changed; null takes it away. */
export type ChangedCriteria = { [K in keyof TriggerCriteria]: TriggerCriteria[K] | null };

const check = Compile(TriggerCriteria);

/** What was given, and null for what was not. */
export function storedCriteria({ params, filters, filterMode }: TriggerCriteria): StoredCriteria {
  return { params: params ?? null, filters: filters ?? null, filterMode: filterMode ?? 'and' };
}

/** The same of what only changes: what was not given is not there, and null gives what holds without it. */
export function givenCriteria({ params, filters, filterMode }: ChangedCriteria): Partial<StoredCriteria> {
  return {
    ...(params === undefined ? {} : { params }),
    ...(filters === undefined ? {} : { filters }),
    ...(filterMode === undefined ? {} : { filterMode: filterMode ?? 'and' }),
  };
}

/** What is stored, in the words in which it is asked for. */
export function askedCriteria({ params, filters, filterMode }: StoredCriteria): TriggerCriteria {
  return { ...(params && { params }), ...(filters && { filters }), filterMode };
}

/** Whether they are criteria: what an older version let in may be none, and would throw at every trigger. */
export function areCriteria(stored: StoredCriteria): boolean {
  return check.Check(askedCriteria(stored));
}

/** Parses rows that were read past the entity, for speed; null for what no version of this program wrote. */
export function parseCriteria({ params, filters, filterMode }: CriteriaColumns): StoredCriteria | null {
  // Most have neither.
  if (params === null && filters === null) return { params, filters, filterMode: 'and' };
  const value: unknown = {
    ...(params === null ? {} : { params: parseJson(params) }),
    ...(filters === null ? {} : { filters: parseJson(filters) }),
    filterMode,
  };
  return check.Check(value) ? storedCriteria(value) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // refused by the schema
  }
}
