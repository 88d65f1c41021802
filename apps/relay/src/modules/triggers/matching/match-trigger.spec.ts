import type { TriggerFilter, TriggerParams, TriggerPayload } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { type Criteria, matchesTrigger } from './match-trigger.js';

type Row = [rule: string, criteria: Criteria, payload: TriggerPayload, isMatch: boolean];
const params = (value: TriggerParams): Criteria => ({ params: value });
const filters = (...value: TriggerFilter[]): Criteria => ({ filters: value });
/** As JSON makes it: a field of its own, not the prototype. */
const OWN_PROTO: TriggerPayload = Object.fromEntries([['__proto__', 1]]);

/** One line for each sentence of the specification and of the contract. */
const table: Row[] = [
  ['By default every trigger of the type is delivered', {}, { status: 'shipped' }, true],
  ['What is stored as null was not given', { params: null, filters: null, filterMode: 'and' }, {}, true],

  ['Scalar params use loose equality: text and number', params({ pr: '42' }), { pr: 42 }, true],
  ['… number and text', params({ pr: 42 }), { pr: '42' }, true],
  ['… boolean and text', params({ draft: true }), { draft: 'true' }, true],
  ['… null has a text', params({ branch: 'null' }), { branch: null }, true],
  ['… but not another text', params({ pr: '42' }), { pr: 43 }, false],
  ['… nor another case', params({ branch: 'Main' }), { branch: 'main' }, false],
  ['… nor JavaScript’s own looseness', params({ pr: '042' }), { pr: 42 }, false],
  ['… an object has no text', params({ pr: '[object Object]' }), { pr: {} }, false],
  ['A missing payload field does not match', params({ branch: 'undefined' }), {}, false],
  ['… nor one that every object inherits', params({ constructor: 'x' }), { other: 'x' }, false],
  ['Every param must match', params({ a: 1, b: 2 }), { a: 1, b: 2 }, true],
  ['… one that does not is enough', params({ a: 1, b: 2 }), { a: 1, b: 3 }, false],
  ['No params at all match', params({}), { a: 1 }, true],
  ['A payload array matches if any element does', params({ labels: 'bug' }), { labels: ['ui', 'bug'] }, true],
  ['… loosely', params({ ids: '2' }), { ids: [1, 2] }, true],
  ['… none does', params({ labels: 'bug' }), { labels: ['ui'] }, false],
  ['… an empty one never', params({ labels: '' }), { labels: [] }, false],
  ['… lists in a list have no text', params({ labels: 'bug' }), { labels: [['bug']] }, false],
  ['An array param means any of its values', params({ branch: ['main', 'next'] }), { branch: 'next' }, true],
  ['… none of them', params({ branch: ['main', 'next'] }), { branch: 'old' }, false],
  ['… an empty one has none', params({ branch: [] }), { branch: 'main' }, false],
  ['… also against an array', params({ labels: ['a', 'b'] }), { labels: ['b', 'c'] }, true],
  ['fooContains looks for a substring in foo', params({ titleContains: 'fix' }), { title: 'a fix for it' }, true],
  ['… case-sensitive', params({ titleContains: 'Fix' }), { title: 'a fix for it' }, false],
  ['… any of several', params({ titleContains: ['no', 'fix'] }), { title: 'a fix' }, true],
  ['… by the text of a number', params({ titleContains: 42 }), { title: 'PR 42' }, true],
  ['… not in a non-string', params({ idContains: '4' }), { id: 42 }, false],
  ['… nor in a list', params({ labelsContains: 'bug' }), { labels: ['bug'] }, false],
  ['… nor in nothing', params({ titleContains: '' }), {}, false],
  ['… whatever else the payload has', params({ titleContains: 'x' }), { titleContains: 'x', title: 'y' }, false],
  ['… "Contains" alone names no field', params({ Contains: 'x' }), { Contains: 'x' }, true],

  [
    'Only orders whose payload contains status === "shipped"',
    filters({ field: 'status', value: 'shipped', op: 'eq' }),
    { status: 'shipped' },
    true,
  ],
  ['… no others', filters({ field: 'status', value: 'shipped', op: 'eq' }), { status: 'delivered' }, false],
  ['op is "eq" by default', filters({ field: 'status', value: 'ship' }), { status: 'shipped' }, false],
  ['Strict equality: no conversion', filters({ field: 'n', value: '1' }), { n: 1 }, false],
  ['… of booleans', filters({ field: 'ok', value: true }), { ok: true }, true],
  ['… case-sensitive', filters({ field: 'status', value: 'Shipped' }), { status: 'shipped' }, false],
  ['… a list is not its element', filters({ field: 'tags', value: 'a' }), { tags: ['a'] }, false],
  [
    'A dot-path into the payload',
    filters({ field: 'meta.priority', value: 'high' }),
    { meta: { priority: 'high' } },
    true,
  ],
  ['… is not a name with a dot', filters({ field: 'meta.priority', value: 1 }), { 'meta.priority': 1 }, false],
  ['Numeric segments index arrays', filters({ field: 'items.1.id', value: 'b' }), { items: [{}, { id: 'b' }] }, true],
  ['… beyond the end', filters({ field: 'items.2.id', value: 'b' }), { items: [{}, { id: 'b' }] }, false],
  ['… only as they are written', filters({ field: 'items.01', value: 'b' }), { items: ['a', 'b'] }, false],
  ['… not into strings', filters({ field: 'name.0', value: 'A' }), { name: 'Ada' }, false],
  ['… are names in objects', filters({ field: 'by.0', value: 'A' }), { by: { '0': 'A' } }, true],
  ['An array value is OR within the filter', filters({ field: 's', value: ['a', 'b'] }), { s: 'b' }, true],
  ['… none of them', filters({ field: 's', value: ['a', 'b'] }), { s: 'c' }, false],
  ['value: [] is false', filters({ field: 's', value: [] }), { s: 'a' }, false],
  ['A missing path is false', filters({ field: 'a.b.c', value: 1 }), { a: 1 }, false],
  ['… also for what null has not', filters({ field: 'a.b', value: 1 }), { a: null }, false],
  [
    'contains: a substring of a string field',
    filters({ field: 's', value: 'hip', op: 'contains' }),
    { s: 'shipped' },
    true,
  ],
  ['… case-sensitive', filters({ field: 's', value: 'Hip', op: 'contains' }), { s: 'shipped' }, false],
  ['… of any value', filters({ field: 's', value: ['x', 'hip'], op: 'contains' }), { s: 'shipped' }, true],
  ['contains on a non-string is false', filters({ field: 'n', value: '4', op: 'contains' }), { n: 42 }, false],
  ['… on a list', filters({ field: 'n', value: 'a', op: 'contains' }), { n: ['a'] }, false],
  ['… with a non-string', filters({ field: 's', value: 4, op: 'contains' }), { s: '42' }, false],
  ['Own properties only: length of a list', filters({ field: 'a.length', value: 1 }), { a: ['x'] }, false],
  ['… length of a text', filters({ field: 's.length', value: 1 }), { s: 'x' }, false],
  ['… constructor', filters({ field: 'constructor.name', value: 'Object' }), {}, false],
  ['… __proto__', filters({ field: '__proto__.x', value: 1 }), {}, false],
  ['… __proto__, even as a field of its own', filters({ field: '__proto__', value: 1 }), OWN_PROTO, false],
  ['… but an own field may be called length', filters({ field: 'length', value: 3 }), { length: 3 }, true],
  ['filters: [] matches', { filters: [] }, { s: 'a' }, true],
  ['… also with "or"', { filters: [], filterMode: 'or' }, { s: 'a' }, true],

  [
    '"and": all filters must match',
    { ...filters({ field: 'a', value: 1 }, { field: 'b', value: 2 }), filterMode: 'and' },
    { a: 1, b: 3 },
    false,
  ],
  ['… which is the default', filters({ field: 'a', value: 1 }, { field: 'b', value: 2 }), { a: 1, b: 3 }, false],
  [
    '"or": any filter is enough',
    { ...filters({ field: 'a', value: 1 }, { field: 'b', value: 2 }), filterMode: 'or' },
    { a: 1, b: 3 },
    true,
  ],
  [
    '… but one it must be',
    { ...filters({ field: 'a', value: 1 }, { field: 'b', value: 2 }), filterMode: 'or' },
    { a: 2, b: 3 },
    false,
  ],
  [
    'Params and filters are both required',
    { ...params({ a: 1 }), ...filters({ field: 'b', value: 2 }) },
    { a: 1, b: 2 },
    true,
  ],
  ['… params alone do not do', { ...params({ a: 1 }), ...filters({ field: 'b', value: 2 }) }, { a: 1, b: 3 }, false],
  [
    '… filters alone neither, not even with "or"',
    { ...params({ a: 1 }), ...filters({ field: 'b', value: 2 }), filterMode: 'or' },
    { a: 2, b: 2 },
    false,
  ],
];

describe('matchesTrigger', () => {
  it.each(table)('%s', (_rule, criteria, payload, isMatch) => {
    expect(matchesTrigger(criteria, payload)).toBe(isMatch);
  });
});
