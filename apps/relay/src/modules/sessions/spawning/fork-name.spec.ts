import { expect, it } from 'vitest';
import { forkName } from './fork-name.js';

it.each([
  ['Fix the build', 'Fix the build (fork)'],
  ['Fix the build (fork)', 'Fix the build (fork 2)'],
  ['Fix the build (fork 9)', 'Fix the build (fork 10)'],
  ['(fork)', '(fork) (fork)'],
  ['x'.repeat(80), `${'x'.repeat(72)}… (fork)`],
  ['🍕'.repeat(80), `${'🍕'.repeat(72)}… (fork)`],
  [`${'x'.repeat(72)}… (fork)`, `${'x'.repeat(70)}… (fork 2)`],
])('a fork of %j is called %j', (name, fork) => {
  expect(forkName(name)).toBe(fork);
  expect([...forkName(name)].length).toBeLessThanOrEqual(80);
});
