import { describe, expect, it } from 'vitest';
import { thumbnailSize } from './thumbnail';

describe('the size of a small version', () => {
  it.each([
    [4000, 3000, 480, 360],
    [3000, 4000, 360, 480],
    [480, 20, 480, 20],
    [100, 50, 100, 50],
    [10_000, 1, 480, 1],
  ])('of %i × %i is %i × %i', (width, height, ...size) => {
    expect(Object.values(thumbnailSize({ width, height }))).toEqual(size);
  });
});
