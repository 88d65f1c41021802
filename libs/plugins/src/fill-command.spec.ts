import { expect, it } from 'vitest';
import { fillCommand } from './fill-command.js';

it.each<[string, string, [string, string][]]>([
  ['Review $1 as $2.', '"a b" c', [['text', 'Review a b as c.']]],
  ['All: $ARGUMENTS; $ARGUMENTS[1]', 'x y', [['text', 'All: x y; y']]],
  ['${1:-main} and $2!', '', [['text', 'main and !']]],
  [
    'On !`git log $1`.',
    'main',
    [
      ['text', 'On '],
      ['shell', 'git log main'],
      ['text', '.'],
    ],
  ],
  ['```!\nls\npwd\n```', '', [['shell', 'ls\npwd']]],
  [
    'See @docs/a.md and b@c.de',
    '',
    [
      ['text', 'See '],
      ['file', 'docs/a.md'],
      ['text', ' and b@c.de'],
    ],
  ],
  // What is said is never shell, nor a file, nor filled again.
  ['Do $1', '"!`rm x` @/etc/passwd $ARGUMENTS"', [['text', 'Do !`rm x` @/etc/passwd $ARGUMENTS']]],
])('%j with %j', (content, said, parts) => {
  expect(fillCommand(content, said).map(({ kind, text }) => [kind, text])).toEqual(parts);
});
