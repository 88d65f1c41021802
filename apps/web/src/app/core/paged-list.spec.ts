import { describe, expect, it } from 'vitest';
import { ApiProblem } from './api/api-problem';
import { PagedList } from './paged-list';

/** Numbers from 0, two a page. */
function numbers(count: number): { list: PagedList<number>; asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  const list = new PagedList<number>((cursor) => {
    asked.push(cursor);
    const start = Number(cursor ?? 0);
    const items = [start, start + 1].filter((item) => item < count);
    return Promise.resolve({ items, ...(start + 2 < count ? { nextCursor: String(start + 2) } : {}) });
  });
  return { list, asked };
}

describe('PagedList', () => {
  it('reads on by the cursor, to the end', async () => {
    const { list, asked } = numbers(5);
    expect(list.items()).toBeNull();
    await list.reload();
    expect([list.items(), list.hasMore()]).toEqual([[0, 1], true]);
    await list.loadMore();
    await list.loadMore();
    await list.loadMore();
    expect([list.items(), list.hasMore()]).toEqual([[0, 1, 2, 3, 4], false]);
    expect(asked).toEqual([undefined, '2', '4']);
  });

  it('reloads as far as it had read', async () => {
    const { list, asked } = numbers(6);
    await list.reload();
    await list.loadMore();
    await list.reload();
    expect(list.items()).toEqual([0, 1, 2, 3]);
    expect(asked).toEqual([undefined, '2', undefined, '2']);
  });

  it('keeps what it has when a page fails, with the cause', async () => {
    let isBroken = false;
    const list = new PagedList<number>(() =>
      isBroken ? Promise.reject(new Error('no')) : Promise.resolve({ items: [7], nextCursor: 'c' }),
    );
    await list.reload();
    isBroken = true;
    await list.loadMore();
    expect(list.items()).toEqual([7]);
    expect(list.problem()?.message).toContain('no');
    isBroken = false;
    await list.loadMore();
    expect([list.items(), list.problem()]).toEqual([[7, 7], null]);
  });

  it('drops a cursor that the relay refuses, and reads from the start past what it has', async () => {
    const asked: (string | undefined)[] = [];
    let kind = 'old';
    const list = new PagedList<number>((cursor) => {
      asked.push(cursor);
      const start = Number(cursor?.split(' ')[1] ?? 0);
      return cursor?.startsWith(kind) === false
        ? Promise.reject(new ApiProblem({ status: 400, code: 'invalid_request', detail: 'No such cursor.' }))
        : Promise.resolve({ items: [start, start + 1], nextCursor: `${kind} ${start + 2}` });
    });
    await list.reload();
    kind = 'new';
    await list.loadMore();
    expect([list.items(), list.problem()]).toEqual([[0, 1, 2, 3], null]);
    expect(asked).toEqual([undefined, 'old 2', undefined, 'new 2']);
    await list.loadMore();
    expect(asked.at(-1)).toBe('new 4');
  });
});
