import type { CriterionValue } from '@pizzapi/protocol';
import { invalid } from '../../../platform/http/problem.error.js';
import type { ChangedCriteria } from './stored-criteria.js';

export const MAX_FILTERS = 50;
export const MAX_VALUES = 200;
export const MAX_TEXT = 4_000;
const MAX_PARAMS = 50;
const MAX_NAME = 200;
/** For params and filters together, in characters: every replica keeps them in memory for each subscription. */
const MAX_CRITERIA = 16 * 1024;

export const PARAMS_RULE = `must be an object of up to ${MAX_PARAMS} params, each with a text of up to ${MAX_TEXT} characters, a number, true or false, or a list of up to ${MAX_VALUES} of these`;

export function isCriterion(value: unknown): value is CriterionValue | CriterionValue[] {
  return Array.isArray(value) ? value.length <= MAX_VALUES && value.every(isScalar) : isScalar(value);
}

export function isParams(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MAX_PARAMS && entries.every(([name, each]) => name.length <= MAX_NAME && isCriterion(each));
}

/** Criteria arrive by several ways, and each has to check them here. @throws ProblemError `invalid_request` */
export function checkCriteria({ params, filters, filterMode }: ChangedCriteria): void {
  if (params !== undefined && params !== null && !isParams(params)) throw invalid('params', PARAMS_RULE);
  if (JSON.stringify({ params, filters, filterMode }).length > MAX_CRITERIA)
    throw invalid('filters', `params and filters together must not be longer than ${MAX_CRITERIA} characters as JSON`);
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  // A number such as 1e999 is valid JSON, but becomes infinite here and would be stored as null.
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
