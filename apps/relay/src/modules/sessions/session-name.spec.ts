import { describe, expect, it } from 'vitest';
import { nameFrom } from './session-name.js';

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
