import { describe, expect, it } from 'vitest';
import { encodeListCursor } from '../../platform/http/list-cursor.js';
import { decodeCursor, encodeCursor } from './session-cursor.js';

describe('session cursor', () => {
  const cursor = {
    isPinned: true,
    updatedAt: new Date('2026-11-21T08:00:00.000Z'),
    sessionId: '01980000-0000-7000-8000-000000000001',
  };

  it('comes back as it went', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual({ ...cursor, updatedAt: '2026-11-21T08:00:00.000Z' });
    expect(decodeCursor(encodeCursor({ ...cursor, isPinned: false })).isPinned).toBe(false);
  });

  it.each([
    '',
    'x',
    encodeListCursor('sessions', "1 now ' OR 1=1"),
    encodeListCursor('sessions', `2 ${cursor.updatedAt.toISOString()} ${cursor.sessionId}`),
  ])('refuses %j', (text) => expect(() => decodeCursor(text)).toThrow(expect.objectContaining({ status: 400 })));
});
