import { describe, expect, it } from 'vitest';
import { fieldsOf, type QuestionField, valueIn } from './question-fields.js';

const property = (schema: object): QuestionField => {
  const [field] = fieldsOf({ type: 'object', properties: { it: schema } });
  if (!field) throw new Error('no field');
  return field;
};

describe('a question of a server', () => {
  it('has fields with what people are shown of them', () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string', title: 'Your name', description: 'In full' }, age: { type: 'integer' } },
      required: ['name'],
    };
    expect(fieldsOf(schema)).toEqual([
      { name: 'name', title: 'Your name', description: 'In full', isRequired: true, kind: 'text', options: [] },
      { name: 'age', title: 'age', description: '', isRequired: false, kind: 'integer', options: [] },
    ]);
  });

  it.each([[undefined], [null], [7], [{ properties: [] }]])('has none in %j', (schema) =>
    expect(fieldsOf(schema)).toEqual([]),
  );

  it.each([
    ['its values', { type: 'string', enum: ['a', 'b'] }, ['a', 'b']],
    ['older names', { type: 'string', enum: ['a', 'b'], enumNames: ['One'] }, ['One', 'b']],
    ['titles', { type: 'string', oneOf: [{ const: 'a', title: 'One' }, { const: 'b' }] }, ['One', 'b']],
    ['several titles', { type: 'array', items: { anyOf: [{ const: 'a', title: 'One' }] } }, ['One']],
    ['several values', { type: 'array', items: { type: 'string', enum: ['a'] } }, ['a']],
  ])('offers %s to choose from', (_what, schema, labels) =>
    expect(property(schema).options.map(({ label }) => label)).toEqual(labels),
  );
});

describe('an answer', () => {
  const oneOf = [
    { const: 'a', title: 'One' },
    { const: 'b', title: 'Two' },
  ];
  const towns = [
    { const: 'r', title: 'Rome, Italy' },
    { const: 'g', title: 'Rome' },
    { const: 'i', title: 'Italy, all of it, north and south' },
  ];
  it.each([
    [{ type: 'array', items: { anyOf: towns } }, 'Rome, Italy', ['r']],
    [{ type: 'array', items: { anyOf: towns } }, 'Rome, Rome, Italy', ['g', 'r']],
    [{ type: 'array', items: { anyOf: towns } }, 'Rome, Italy, all of it, north and south, r', ['g', 'i', 'r']],
    [{ type: 'array', items: { anyOf: towns } }, 'Rome, Italy, all of it', null],
    [{ type: 'string' }, ' some words ', 'some words'],
    [{ type: 'number' }, '1.5', 1.5],
    [{ type: 'number' }, 'many', null],
    [{ type: 'number' }, '', null],
    [{ type: 'integer' }, '7', 7],
    [{ type: 'integer' }, '7.5', null],
    [{ type: 'boolean' }, 'Yes', true],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'boolean' }, 'perhaps', null],
    [{ type: 'string', oneOf }, 'Two', 'b'],
    [{ type: 'string', oneOf }, 'two', 'b'],
    [{ type: 'string', oneOf }, 'a', 'a'],
    [{ type: 'string', oneOf }, 'three', null],
    [{ type: 'array', items: { anyOf: oneOf } }, 'One, b', ['a', 'b']],
    [{ type: 'array', items: { anyOf: oneOf } }, '', []],
    [{ type: 'array', items: { anyOf: oneOf } }, 'One, three', null],
  ])('to %j in the words %j is %j', (schema, words, value) => expect(valueIn(property(schema), words)).toEqual(value));
});
