import type { CriterionValue, SubscriptionView, TriggerFilter, TriggerParams } from '@pizzapi/protocol';

const CONTAINS = 'Contains';

/** What a subscription or a listener wants, as a sentence's part: “branch = main and (status = failed or status = lost)”. */
export function criteriaWords({
  params,
  filters,
  filterMode,
}: Pick<SubscriptionView, 'params' | 'filters' | 'filterMode'>): string {
  const wanted = Object.entries(params ?? {}).map(paramWords);
  const conditions = (filters ?? []).map(filterWords);
  const filtered = conditions.join(` ${filterMode} `);
  if (wanted.length === 0) return filtered;
  if (conditions.length === 0) return wanted.join(' and ');
  const needsBrackets = filterMode === 'or' && conditions.length > 1;
  return [...wanted, needsBrackets ? `(${filtered})` : filtered].join(' and ');
}

function paramWords([name, value]: [string, TriggerParams[string]]): string {
  const isContained = name.length > CONTAINS.length && name.endsWith(CONTAINS);
  return isContained
    ? `${name.slice(0, -CONTAINS.length)} contains ${valueWords(value)}`
    : `${name} = ${valueWords(value)}`;
}

function filterWords({ field, op, value }: TriggerFilter): string {
  return `${field} ${op === 'contains' ? 'contains' : '='} ${valueWords(value)}`;
}

function valueWords(value: CriterionValue | CriterionValue[]): string {
  return (Array.isArray(value) ? value : [value]).map((each) => (each === '' ? '“”' : String(each))).join(' | ');
}
