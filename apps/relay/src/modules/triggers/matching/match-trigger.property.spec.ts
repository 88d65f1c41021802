import type { CriterionValue, TriggerCriteria, TriggerFilter, TriggerPayload } from '@pizzapi/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesTrigger } from './match-trigger.js';

// The reference: slow, and by another way. It lists everything that a payload holds, then looks whether what is wanted is in the list.

type Known = [path: string, value: unknown];

/** Every place of a payload by its dot-path. What a path cannot name is left out. */
function places(value: unknown, path: readonly string[] = []): Known[] {
  const here: Known[] = path.length === 0 ? [] : [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return here;
  // An array's entries are its indices: "length" is not among them.
  const inside = Object.entries(value).filter(([name]) => !name.includes('.') && name !== '__proto__');
  return [...here, ...inside.flatMap(([name, child]) => places(child, [...path, name]))];
}

function textsOf(value: unknown): string[] {
  const scalars = (Array.isArray(value) ? value : [value]).filter((each) => each === null || typeof each !== 'object');
  return scalars.map((each) => `${String(each)}`);
}

const listOf = (value: CriterionValue | CriterionValue[]): CriterionValue[] => [value].flat();

function isParamMet(payload: TriggerPayload, name: string, value: CriterionValue | CriterionValue[]): boolean {
  const fields = Object.entries(payload);
  const [, base] = /^(.+)Contains$/s.exec(name) ?? [];
  const wanted = listOf(value).map((each) => `${String(each)}`);
  if (base !== undefined)
    return fields.some(
      ([field, text]) =>
        field === base && typeof text === 'string' && wanted.some((part) => text.split(part).length > 1 || part === ''),
    );
  return fields.some(([field, actual]) => field === name && textsOf(actual).some((text) => wanted.includes(text)));
}

function isFilterMet(payload: TriggerPayload, { field, value, op = 'eq' }: TriggerFilter): boolean {
  return places(payload).some(
    ([path, actual]) =>
      path === field &&
      listOf(value).some((wanted) =>
        op === 'eq'
          ? typeof actual === typeof wanted && Object.is(actual, wanted)
          : typeof actual === 'string' && typeof wanted === 'string' && actual.indexOf(wanted) >= 0,
      ),
  );
}

function reference(
  { params = {}, filters = [], filterMode = 'and' }: TriggerCriteria,
  payload: TriggerPayload,
): boolean {
  const unmetParams = Object.entries(params).filter(([name, value]) => !isParamMet(payload, name, value));
  const met = filters.filter((filter) => isFilterMet(payload, filter)).length;
  const areFiltersMet = filters.length === 0 || (filterMode === 'and' ? met === filters.length : met > 0);
  return unmetParams.length === 0 && areFiltersMet;
}

// Few names and values, so that they meet often; among them all that could trip.

const name = fc.constantFrom(
  ...['a', 'b', 'aContains', 'bContains', 'Contains', '0', '1', 'length', 'constructor', '__proto__', 'x.y', ''],
);
const scalar = fc.constantFrom<CriterionValue>('a', 'A', 'ab', 'b', '', '1', 1, 0, 'true', true, false, 'null');
const values = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
/** Makes own fields of all names, also of `__proto__`, as JSON does. */
const record = <T>(entries: [string, T][]): Record<string, T> => Object.fromEntries(entries);
const { json, object } = fc.letrec<{ json: unknown; object: TriggerPayload }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(scalar, fc.constant(null)),
    fc.array(tie('json'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(name, tie('json')), { maxLength: 4 }).map(record),
}));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('.'));
const op = fc.constantFrom<TriggerFilter['op'][]>('eq', 'contains', undefined);
const filter = fc
  .tuple(path, values, op)
  .map(([field, value, how]): TriggerFilter => ({ field, value, ...(how === undefined ? {} : { op: how }) }));
const criteria = fc.record<TriggerCriteria>(
  {
    params: fc.array(fc.tuple(name, values), { maxLength: 2 }).map(record),
    filters: fc.array(filter, { maxLength: 3 }),
    filterMode: fc.constantFrom('and', 'or'),
  },
  { requiredKeys: [] },
);

describe('matchesTrigger, whatever comes', () => {
  it('agrees with the reference', () => {
    fc.assert(
      fc.property(criteria, object, (wanted, payload) => {
        expect(matchesTrigger(wanted, payload)).toBe(reference(wanted, payload));
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with the reference where one param or one filter decides', () => {
    fc.assert(
      fc.property(name, path, values, op, object, (param, field, value, how, payload) => {
        const one: TriggerCriteria[] = [
          { params: record([[param, value]]) },
          { filters: [{ field, value, ...(how === undefined ? {} : { op: how }) }] },
        ];
        for (const wanted of one) expect(matchesTrigger(wanted, payload)).toBe(reference(wanted, payload));
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds every scalar that a payload holds at its own path', () => {
    fc.assert(
      fc.property(object, (payload) => {
        for (const [field, value] of places(payload)) {
          if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
            expect(matchesTrigger({ filters: [{ field, value }] }, payload)).toBe(true);
        }
      }),
    );
  });

  it('says no or yes to anything, and changes nothing', () => {
    fc.assert(
      fc.property(criteria, fc.dictionary(fc.string(), json), (wanted, payload) => {
        const before = JSON.stringify([wanted, payload]);
        expect(matchesTrigger(wanted, payload)).toBeTypeOf('boolean');
        expect(JSON.stringify([wanted, payload])).toBe(before);
      }),
    );
  });
});
