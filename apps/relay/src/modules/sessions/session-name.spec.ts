import { describe, expect, it } from 'vitest';
import { forkName, nameFrom } from './session-name.js';

describe('nameFrom', () => {
  it('takes the first line that says something', () => {
    expect(nameFrom('\n  Fix the build  \nand more')).toBe('Fix the build');
  });

  it('cuts between letters, not within them', () => {
    const name = nameFrom('🍕'.repeat(200));
    expect([...name]).toHaveLength(80);
    expect(name.endsWith('🍕…')).toBe(true);
  });

  it('has a name for a session without a prompt', () => {
    expect(nameFrom(undefined)).toBe('New session');
    expect(nameFrom('  \n ')).toBe('New session');
  });
});

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
