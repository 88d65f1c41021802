import { expect, it } from 'vitest';
import { isTunnelLabel, newTunnelLabel } from './tunnel-label.js';

it('creates unique labels that are valid in host names', () => {
  const labels = Array.from({ length: 1_000 }, newTunnelLabel);
  expect(labels.every(isTunnelLabel)).toBe(true);
  expect(new Set(labels).size).toBe(1_000);
  // Every character varies; the last one has only three bits left.
  for (let at = 0; at < 25; at++) expect(new Set(labels.map((label) => label[at])).size).toBe(32);
  expect(new Set(labels.map((label) => label[25])).size).toBe(8);
});

it.each(['', 'a'.repeat(25), 'a'.repeat(27), 'A'.repeat(26), '1'.repeat(26), `${'a'.repeat(25)}.`])(
  'rejects %j',
  (text) => expect(isTunnelLabel(text)).toBe(false),
);
