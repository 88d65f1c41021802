import { describe, expect, it } from 'vitest';
import { RequestValidationPipe } from '../../../platform/http/validation.pipe.js';
import { CreateSubscriptionDto } from './subscriptions.dto.js';

const pipe = new RequestValidationPipe();
const parse = (body: object): Promise<unknown> =>
  pipe.transform({ triggerType: 'orders:status', ...body }, { type: 'body', metatype: CreateSubscriptionDto });
const filter = { field: 'a', value: 1 };

describe('the body of a new subscription', () => {
  it.each([
    ['a type alone', {}],
    ['params and filters', { params: { region: ['eu', 1] }, filters: [{ ...filter, op: 'contains' }] }],
    ['a way to combine filters', { filters: [filter, filter], filterMode: 'or' }],
  ])('may be %s', async (_what, body) => {
    expect(await parse(body)).toMatchObject(body);
  });

  it.each([
    ['no type', { triggerType: '' }, 'triggerType'],
    ['an unknown operator', { filters: [{ ...filter, op: 'regex' }] }, 'filters.0.op'],
    ['an empty path', { filters: [{ ...filter, field: '' }] }, 'filters.0.field'],
    ['a value that is none', { filters: [{ ...filter, value: { b: 1 } }] }, 'filters.0.value'],
    ['a field of a filter that there is not', { filters: [{ ...filter, mode: 'x' }] }, 'filters.0.mode'],
    ['a filter that is none', { filters: ['a'] }, 'filters.0'],
    ['a list in the list of filters', { filters: [[filter]] }, 'filters'],
    ['too many filters', { filters: Array(51).fill(filter) }, 'filters'],
    ['an unknown mode', { filterMode: 'xor' }, 'filterMode'],
    ['a param that is none', { params: { a: { b: 1 } } }, 'params'],
    ['params that are a list', { params: [1] }, 'params'],
    ['a param that could not be kept', { params: { constructor: 'x' } }, 'constructor'],
    ['a field that there is not', { filter: [] }, 'filter'],
  ])('is refused with %s, by the place of it', async (_what, body, path) => {
    await expect(parse(body)).rejects.toMatchObject({
      status: 400,
      code: 'invalid_request',
      extra: { errors: expect.arrayContaining([expect.objectContaining({ path })]) },
    });
  });
});
