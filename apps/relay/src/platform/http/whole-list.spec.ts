import { describe, expect, it } from 'vitest';
import { RequestValidationPipe } from './validation.pipe.js';
import { cutOut, WholeListQueryDto } from './whole-list.js';

const pipe = new RequestValidationPipe();
const parse = (query: object): Promise<unknown> =>
  pipe.transform(query, { type: 'query', metatype: WholeListQueryDto });
const cut = (all: readonly string[], query: WholeListQueryDto) => cutOut(all, query, (name) => name);

describe('a list that is there whole', () => {
  it('is answered whole, unless a page is asked for', async () => {
    const all = Array.from({ length: 300 }, (_, n) => `name-${n}`);
    expect(cut(all, {})).toEqual({ page: all });
    expect(await parse({})).toEqual({});
    expect(await parse({ limit: '1000' })).toEqual({ limit: 200 });
    expect(cut(all, { limit: 200 })).toMatchObject({
      page: all.slice(0, 200),
      nextCursor: expect.any(String) as string,
    });
    expect(cut(all, { limit: 300 })).toEqual({ page: all });
  });

  it.each([{ limit: '0' }, { limit: 'many' }, { limit: ['1', '2'] }, { cursor: ['a', 'b'] }, { page: '2' }])(
    'refuses %o by its name',
    async (query) => {
      await expect(parse(query)).rejects.toMatchObject({
        status: 400,
        extra: {
          errors: expect.arrayContaining([expect.objectContaining({ path: Object.keys(query)[0] })]) as unknown,
        },
      });
    },
  );

  it('gives each object once over its pages, also those of one name, and whatever goes before', () => {
    const all = ['a', 'b', 'b', 'b', 'c'];
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { page, nextCursor } = cut(all, { limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page);
      cursor = nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
    const { nextCursor = '' } = cut(['a', 'b', 'c'], { limit: 2 });
    expect(cut(['b', 'c', 'd'], { cursor: nextCursor })).toEqual({ page: ['c', 'd'] });
  });

  it('refuses a cursor at nothing', () => {
    expect(() => cut(['a'], { cursor: '1:b' })).toThrow('cursor: is at nothing that is in this list now');
  });
});
