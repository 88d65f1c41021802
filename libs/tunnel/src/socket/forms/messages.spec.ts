import { describe, expect, it } from 'vitest';
import { inMessages, JOINED_BYTES } from './messages.js';

const sizes = (chunks: readonly number[]): number[] =>
  [...inMessages(chunks.map((size) => Buffer.alloc(size)))].map(({ length }) => length);

describe('messages', () => {
  it('join what is small, up to a limit', () => {
    expect(sizes([9, 100, 9, 100])).toEqual([218]);
    expect(sizes([JOINED_BYTES - 1, 1, 1])).toEqual([JOINED_BYTES, 1]);
  });

  it('leave what is large alone, in its place', () => {
    expect(sizes([9, 65_536, 9, 100])).toEqual([9, 65_536, 109]);
    const large = Buffer.alloc(65_536);
    expect([...inMessages([large])][0]).toBe(large);
  });

  it('keep every byte and its place', () => {
    const chunks = Array.from({ length: 200 }, (_, at) => Buffer.alloc((at * 997) % 20_000, at));
    expect(Buffer.concat([...inMessages(chunks)]).equals(Buffer.concat(chunks))).toBe(true);
  });
});
