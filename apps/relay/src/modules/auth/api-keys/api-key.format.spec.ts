import { expect, it } from 'vitest';
import { hashOfApiKey, isSameHash, newApiKey } from './api-key.format.js';

it('creates keys of 256 random bits, which are looked up by their hash', () => {
  const { key, hash, prefix } = newApiKey();
  expect(key).toMatch(/^pza_[\w-]{43}$/);
  expect(hashOfApiKey(key)).toBe(hash);
  expect(key.startsWith(prefix)).toBe(true);
  expect(prefix).toHaveLength(12);
  expect(newApiKey().key).not.toBe(key);
});

it.each(['', 'pza_', 'pza_short', `PZA_${'a'.repeat(43)}`, `pza_${'a'.repeat(200)}`, `pza_${'ü'.repeat(43)}`])(
  'does not look up %j',
  (text) => {
    expect(hashOfApiKey(text)).toBeNull();
  },
);

it('compares hashes', () => {
  expect([isSameHash('aa', 'aa'), isSameHash('aa', 'ab'), isSameHash('aa', 'aaa')]).toEqual([true, false, false]);
});
