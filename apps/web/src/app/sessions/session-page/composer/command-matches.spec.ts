import type { SessionCommand } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { matchingCommands, typedCommand } from './command-matches';

const command = (name: string, description = ''): SessionCommand => ({ name, description, kind: 'prompt' });

describe('typedCommand', () => {
  it.each([
    ['/', 1, ''],
    ['/rev', 4, 'rev'],
    ['/skill:pdf', 3, 'skill:pdf'],
    ['/rev', 0, null],
    ['/review the', 11, null],
    ['say /rev', 8, null],
    ['', 0, null],
  ])('%j with the caret at %i: %j', (text, caret, typed) => {
    expect(typedCommand(text, caret)).toBe(typed);
  });
});

describe('matchingCommands', () => {
  const commands = [
    command('compact', 'Make room'),
    command('preview'),
    command('review', 'Looks at it'),
    command('skill:review-pdf'),
    command('tests', 'Write a review of the tests'),
  ];

  it('puts what begins so before what has it inside, and that before what only speaks of it', () => {
    expect(matchingCommands(commands, 'Rev').map(({ name }) => name)).toEqual([
      'review',
      'skill:review-pdf',
      'preview',
      'tests',
    ]);
  });

  it('offers all for a mere slash, and none for a name that nothing has', () => {
    expect(matchingCommands(commands, '')).toHaveLength(5);
    expect(matchingCommands(commands, 'xyz')).toEqual([]);
  });
});
