import { describe, expect, it } from 'vitest';
import { criteriaOf, draftOf, NO_CRITERIA } from './criteria-draft';
import { criteriaWords } from './criteria-words';
import { criterionOf, textOfCriterion } from './criterion-text';
import { examplePayload, schemaFields } from './schema-fields';

const schema = {
  type: 'object',
  required: ['pr'],
  properties: {
    pr: { type: 'integer', description: 'Its number' },
    branch: { type: 'string' },
    status: { enum: ['open', 'closed'] },
    author: { type: 'object', properties: { name: { type: 'string' }, id: { type: 'string', examples: ['u1'] } } },
  },
};

describe('a criterion as text', () => {
  it.each([
    ['412', 412],
    ['"412"', '412'],
    ['007', '007'],
    ['-1.5e3', -1500],
    ['true', true],
    ['main', 'main'],
    ['failed, cancelled', ['failed', 'cancelled']],
    ['"a, b", 3', ['a, b', 3]],
    ['say "hi", you', ['say "hi"', 'you']],
    ['', ''],
    ['""', ''],
    ['"open', '"open'],
  ])('%s', (text, value) => expect(criterionOf(text)).toEqual(value));

  it.each([[412], ['412'], ['true'], [true], ['a, b'], [['a', 'b']], [['1', 1, false]], [' x '], [''], ['"q"']])(
    'comes back as it was: %j',
    (value) => expect(criterionOf(textOfCriterion(value))).toEqual(value),
  );

  it('is a text where the schema says so', () => {
    expect(criterionOf('412', true)).toBe('412');
    expect(textOfCriterion('412', true)).toBe('412');
  });
});

describe('fields of a schema', () => {
  it('have dot-paths, types and whether they must be there', () => {
    expect(schemaFields(schema).map(({ path, type, isRequired }) => [path, type, isRequired])).toEqual([
      ['pr', 'integer', true],
      ['branch', 'string', false],
      ['status', 'open | closed', false],
      ['author', 'object', false],
      ['author.name', 'string', false],
      ['author.id', 'string', false],
    ]);
    expect(schemaFields(null)).toEqual([]);
    expect(schemaFields({ properties: 3 })).toEqual([]);
  });

  it('give a payload to begin with', () => {
    expect(examplePayload(schema)).toEqual({ pr: 0, branch: '', status: 'open', author: { name: '', id: 'u1' } });
    expect(examplePayload(null)).toEqual({});
  });
});

describe('a draft', () => {
  const criteria = {
    params: { pr: 412, titleContains: 'refund' },
    filters: [
      { field: 'branch', op: 'eq' as const, value: '7' },
      { field: 'pr', op: 'eq' as const, value: [1, 2] },
    ],
    filterMode: 'or' as const,
  };

  it('holds what was set, and means the same again', () => {
    const fields = schemaFields(schema);
    const draft = draftOf(criteria, fields);
    expect(draft.filters.map(({ text }) => text)).toEqual(['7', '1, 2']);
    expect(criteriaOf(draft, fields)).toEqual(criteria);
    expect(criteriaOf(draftOf(criteria, []), [])).toEqual(criteria);
  });

  it('leaves out rows that are empty yet', () => {
    const draft = {
      ...NO_CRITERIA,
      params: [{ name: ' ', text: 'x' }],
      filters: [{ field: '', op: 'eq' as const, text: '1' }],
    };
    expect(criteriaOf(draft, [])).toEqual({ filterMode: 'and' });
  });

  it('reads as a sentence', () => {
    expect(criteriaWords(criteria)).toBe('pr = 412 and title contains refund and (branch = 7 or pr = 1 | 2)');
    expect(criteriaWords({ params: null, filters: criteria.filters, filterMode: 'and' })).toBe(
      'branch = 7 and pr = 1 | 2',
    );
    expect(criteriaWords({ params: null, filters: null, filterMode: 'and' })).toBe('');
  });
});
