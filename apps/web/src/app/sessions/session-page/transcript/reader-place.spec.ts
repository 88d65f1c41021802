import { describe, expect, it } from 'vitest';
import { readerPlace, rowAt } from './reader-place';

/** The middle one has no number, as what is in progress. */
const rows = [{ seq: 3 }, { seq: 0 }, { seq: 7 }, { seq: 9 }];
const placed = [0, 100, 200, 300].map((start, index) => ({ index, start, end: start + 90 }));

describe('where somebody reads', () => {
  it.each([
    [0, { seq: 3, into: 0 }],
    [89, { seq: 3, into: 89 }],
    [95, { seq: 7, into: 0 }],
    [150, { seq: 7, into: 0 }],
    [250, { seq: 7, into: 50 }],
    [395, null],
  ])('scrolled by %i is %j', (scrollTop, place) => expect(readerPlace(rows, placed, scrollTop)).toEqual(place));

  it.each([
    [7, 2],
    [8, 2],
    [2, -1],
    [100, 3],
  ])('number %i is the row %i of another branch', (seq, index) => expect(rowAt(rows, seq)).toBe(index));
});
