import { describe, expect, it } from 'vitest';
import { hasLongDigits, inexactIntegers } from './inexact-integers.js';

const inexact = (json: string): number[] => [...inexactIntegers(Buffer.from(json))];

describe('whole numbers that a double cannot hold', () => {
  it.each([
    ['{"id":9007199254740993}', [9007199254740992]],
    ['{"a":[{"b":-9007199254740993}]}', [-9007199254740992]],
    ['{"ns":1732958400123456789}', [1732958400123456800]],
    ['["\\"", 12345678901234567890123, 9007199254740993]', [1.2345678901234568e22, 9007199254740992]],
  ])('are found in %s', (json, values) => {
    expect(inexact(json)).toEqual(values);
    expect(hasLongDigits(Buffer.from(json))).toBe(true);
  });

  it.each([
    '{"id":9007199254740992,"m":9007199254740991,"ten":10000000000000000000000}',
    '{"tenth":0.1,"sum":0.30000000000000004,"many":1e21,"small":5e-0000000000000000324,"pi":3.141592653589793238}',
    '{"scaled":9007199254740993e0,"point":9007199254740993.0}',
    '{"id":"9007199254740993","say":"a \\"9007199254740993, \\\\","é 9007199254740993":"ü"}',
    '{"asWritten":1732958400123456800,"exactly":1732958400123456768,"both":-12345678901234568000000}',
    '{}',
  ])('are not in %s', (json) => {
    expect(() => JSON.parse(json) as unknown).not.toThrow();
    expect(inexact(json)).toEqual([]);
  });

  it('are long enough to be seen wherever they stand', () => {
    const text = (before: number, digits: number): Buffer =>
      Buffer.from(`${'x'.repeat(before)}${'7'.repeat(digits)}${'x'.repeat(40)}`);
    for (let before = 0; before < 40; before++) {
      expect([before, hasLongDigits(text(before, 16))]).toEqual([before, true]);
      expect([before, hasLongDigits(text(before, 15))]).toEqual([before, false]);
    }
  });
});
