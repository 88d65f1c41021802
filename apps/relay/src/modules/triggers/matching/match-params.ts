import type { CriterionValue, TriggerParams, TriggerPayload } from '@pizzapi/protocol';

const CONTAINS = 'Contains';

/** Whether every param matches. Params are compared as text: `"3"` and `3` are the same. */
export function matchesParams(params: TriggerParams, payload: TriggerPayload): boolean {
  for (const [name, wanted] of Object.entries(params)) if (!matchesParam(name, wanted, payload)) return false;
  return true;
}

/**
 * `fooContains` always searches the string field `foo`, even if the payload has a field `fooContains`: the meaning of a subscription must
 * not depend on what happens to arrive. A filter can compare such a field.
 */
function matchesParam(name: string, wanted: CriterionValue | CriterionValue[], payload: TriggerPayload): boolean {
  if (name.length > CONTAINS.length && name.endsWith(CONTAINS)) {
    const text = ownValue(payload, name.slice(0, -CONTAINS.length));
    return typeof text === 'string' && anyOf(wanted, (part) => text.includes(String(part)));
  }
  const actual = ownValue(payload, name);
  return Array.isArray(actual)
    ? actual.some((element) => anyOf(wanted, (value) => isSame(element, value)))
    : anyOf(wanted, (value) => isSame(actual, value));
}

function ownValue(payload: TriggerPayload, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined;
}

function anyOf(wanted: CriterionValue | CriterionValue[], test: (value: CriterionValue) => boolean): boolean {
  return Array.isArray(wanted) ? wanted.some(test) : test(wanted);
}

/** Objects and nested lists have no text to compare: `String` would make one up, or throw. A missing field matches nothing. */
function isSame(actual: unknown, wanted: CriterionValue): boolean {
  switch (typeof actual) {
    case 'string':
    case 'number':
    case 'boolean':
      return String(actual) === String(wanted);
    default:
      return actual === null && String(wanted) === 'null';
  }
}
