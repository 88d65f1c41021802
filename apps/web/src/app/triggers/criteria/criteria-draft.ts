import type { FilterMode, SubscriptionView, TriggerCriteria, TriggerFilter } from '@pizzapi/protocol';
import { criterionOf, textOfCriterion } from './criterion-text';
import type { SchemaField } from './schema-fields';

export interface ParamRow {
  name: string;
  text: string;
}
export interface FilterRow {
  field: string;
  op: NonNullable<TriggerFilter['op']>;
  text: string;
}

/** Criteria as a form holds them: every value is a text. */
export interface CriteriaDraft {
  params: readonly ParamRow[];
  filters: readonly FilterRow[];
  mode: FilterMode;
}

export const NO_CRITERIA: CriteriaDraft = { params: [], filters: [], mode: 'and' };

export function draftOf(
  { params, filters, filterMode }: Pick<SubscriptionView, 'params' | 'filters' | 'filterMode'>,
  fields: readonly SchemaField[],
): CriteriaDraft {
  return {
    params: Object.entries(params ?? {}).map(([name, value]) => ({ name, text: textOfCriterion(value) })),
    filters: (filters ?? []).map(({ field, value, op = 'eq' }) => ({
      field,
      op,
      text: textOfCriterion(value, isText(field, op, fields)),
    })),
    mode: filterMode,
  };
}

/** Rows without a name are unfinished, and left out. */
export function criteriaOf({ params, filters, mode }: CriteriaDraft, fields: readonly SchemaField[]): TriggerCriteria {
  const named = params.filter(({ name }) => name.trim() !== '');
  const meant = filters.filter(({ field }) => field.trim() !== '');
  return {
    ...(named.length > 0
      ? { params: Object.fromEntries(named.map(({ name, text }) => [name.trim(), criterionOf(text)])) }
      : {}),
    ...(meant.length > 0
      ? {
          filters: meant.map(({ field, op, text }) => ({
            field: field.trim(),
            op,
            value: criterionOf(text, isText(field.trim(), op, fields)),
          })),
        }
      : {}),
    filterMode: mode,
  };
}

/** Filters compare strictly: `412` is not `"412"`, so what is declared as text is read as one. */
function isText(field: string, op: FilterRow['op'], fields: readonly SchemaField[]): boolean {
  return op === 'contains' || fields.some((known) => known.path === field && known.isText);
}
