import { describe, expect, it } from 'vitest';
import { aSession } from '../../testing/fixtures';
import { ApiProblem } from '../core/api/api-problem';
import { SessionPages } from './session-pages';

describe('SessionPages', () => {
  it('reads on by the cursor and reloads as far as it had read', async () => {
    const sessions = Array.from({ length: 5 }, () => aSession());
    const asked: (string | undefined)[] = [];
    const pages = new SessionPages((cursor) => {
      asked.push(cursor);
      const start = Number(cursor ?? 0);
      const next = start + 2;
      return Promise.resolve({
        sessions: sessions.slice(start, next),
        ...(next < sessions.length ? { nextCursor: String(next) } : {}),
      });
    });
    await pages.reload();
    await pages.loadMore();
    expect(pages.byId().size).toBe(4);
    await pages.reload();
    expect(asked).toEqual([undefined, '2', undefined, '2']);
    expect(pages.hasMore()).toBe(true);
  });

  it('keeps a delta that is newer than the page, and forgets what was removed meanwhile', async () => {
    const kept = aSession({ name: 'old name' });
    const removed = aSession();
    let answer: (value: { sessions: (typeof kept)[] }) => void = () => undefined;
    const pages = new SessionPages(() => new Promise((resolve) => (answer = resolve)));
    const reading = pages.reload();
    pages.upsert({ ...kept, name: 'new name', updatedAt: '2027-01-01T00:00:00.000Z' });
    pages.remove(removed.sessionId);
    answer({ sessions: [kept, removed] });
    await reading;
    expect([...pages.byId().values()].map((session) => session.name)).toEqual(['new name']);
  });

  it('keeps the old list when a reload fails, with the cause', async () => {
    const session = aSession();
    let isBroken = false;
    const pages = new SessionPages(() =>
      isBroken ? Promise.reject(new Error('no')) : Promise.resolve({ sessions: [session] }),
    );
    await pages.reload();
    isBroken = true;
    await pages.reload();
    expect(pages.byId().size).toBe(1);
    expect(pages.problem()?.message).toContain('no');
  });

  it('drops a cursor that the relay refuses, and reads from the start past what it has', async () => {
    const sessions = Array.from({ length: 6 }, () => aSession());
    const older = aSession();
    const asked: (string | undefined)[] = [];
    let kind = 'old';
    const pages = new SessionPages((cursor) => {
      asked.push(cursor);
      const start = Number(cursor?.split(' ')[1] ?? 0);
      return cursor?.startsWith(kind) === false
        ? Promise.reject(new ApiProblem({ status: 400, code: 'invalid_request', detail: 'No such cursor.' }))
        : Promise.resolve({ sessions: sessions.slice(start, start + 2), nextCursor: `${kind} ${start + 2}` });
    });
    await pages.reload();
    pages.upsert(older);
    kind = 'new';
    await pages.loadMore();
    expect(pages.problem()).toBeNull();
    expect(asked).toEqual([undefined, 'old 2', undefined, 'new 2']);
    expect([...pages.byId().keys()].sort()).toEqual(
      [older, ...sessions.slice(0, 4)].map(({ sessionId }) => sessionId).sort(),
    );
    await pages.loadMore();
    expect(asked.at(-1)).toBe('new 4');
  });
});
