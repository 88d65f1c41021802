import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from './matches-glob.js';

it.each([
  ['git status', 'git status', true],
  ['git status', 'git status -s', false],
  ['git *', 'git status', true],
  ['git *', 'git', true],
  ['git *', 'gitk', false],
  ['*.env', '/srv/app/.env', true],
  ['/srv/*', '/srv', true],
  ['/srv/*', '/srv/a/b', true],
  ['/srv/*', '/srvx/a', false],
  ['a*a', 'a', false],
  ['a*b*c', 'aXbXbXc', true],
  ['a*b*bc', 'abc', false],
  ['*', '', true],
  ['sudo *', 'sudo first\nsecond', true],
  ['a.c', 'abc', false],
])('%j and %j: %s', (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

it('agrees with a regular expression', () => {
  const few = (signs: string) => fc.string({ unit: fc.constantFrom(...signs), maxLength: 8 });
  fc.assert(
    fc.property(few('ab*'), few('ab'), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's');
      expect(matchesGlob(pattern, text)).toBe(expression.test(text));
    }),
    { numRuns: 2_000 },
  );
});

it('takes no longer for a pattern that makes regular expressions try everything', () => {
  const startedMs = performance.now();
  expect(matchesGlob('*a'.repeat(400) + 'b', 'a'.repeat(1_000_000))).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});
