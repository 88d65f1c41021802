import { describe, expect, it } from 'vitest';
import { decodeListCursor, encodeListCursor } from './list-cursor.js';

describe('the cursor of a list', () => {
  it.each(['', 'name', 'Grüße 📎', '2026-11-30T12:00:00.000Z 17'])('leads back to %j', (place) => {
    expect(decodeListCursor('folders /srv', encodeListCursor('folders /srv', place))).toBe(place);
  });

  it('is refused by every other list, and so is anything that is not a cursor', () => {
    const cursor = encodeListCursor('folders /srv', 'name');
    for (const foreign of [
      encodeListCursor('folders /data', 'name'),
      `${cursor}=`,
      `${cursor}!`,
      cursor.slice(1),
      'x',
      '',
    ])
      expect(() => decodeListCursor('folders /srv', foreign), foreign).toThrow('cursor: take it from "nextCursor"');
  });
});
