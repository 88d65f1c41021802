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

  it.each([['(a+)+$'], ['(a|a)*$'], ['(.*)\\1'], ['.*.*.*.*x'], ['(?=a)']])(
    'that could take for ever is refused: %s',
    (matcher) => expect(() => matcherOf(matcher)).toThrow('it could take for ever'),
  );
});
