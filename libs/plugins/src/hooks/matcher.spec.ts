import { describe, expect, it } from 'vitest';
import { matcherOf } from './matcher.js';

describe('a matcher', () => {
  it.each([
    ['', 'Bash', true],
    ['*', 'Bash', true],
    ['Bash', 'Bash', true],
    ['Bash', 'BashOutput', false],
    ['bash', 'Bash', false],
    ['Edit|Write', 'Write', true],
    ['Edit, Write', 'Write', true],
    ['mcp__.*__write', 'mcp__files__write', true],
    ['^Note', 'NotebookEdit', true],
    ['Edit.*', 'MultiEdit', true],
  ])('%j for %s: %s', (matcher, name, isFor) => expect(matcherOf(matcher)([name])).toBe(isFor));

  it('that is no regular expression is refused, as is one without end', () => {
    expect(() => matcherOf('(')).toThrow(SyntaxError);
    expect(() => matcherOf('.'.repeat(1_001))).toThrow(SyntaxError);
  });

  it.each([
    ['^(?!Read$)', 'Read', false],
    ['^(?!Read$)', 'Bash', true],
    ['(mcp__)+files', 'mcp__files__write', true],
    ['(.)\\1', 'Write', false],
    ['.*o.*b.*k.*x', 'NotebookEdit', false],
  ])('that is costly is tried all the same: %s for %s: %s', (matcher, name, isFor) =>
    expect(matcherOf(matcher)([name])).toBe(isFor),
  );

  it.each([['(a+)+$'], ['(a|a)*$']])('that takes for ever matches: %s', (matcher) =>
    expect(matcherOf(matcher)([`${'a'.repeat(100)}!`])).toBe(true),
  );
});
