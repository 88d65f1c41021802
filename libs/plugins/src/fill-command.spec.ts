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
      ['shell', "git log 'main'"],
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

it('what is said is never shell: the script has places for it', () => {
  const said = `"; rm -rf ~ #" "it's"`;
  const [part] = fillCommand('!`git log $1 "$(date $2)" ${3:-x} $ARGUMENTS $ARGUMENTS[1] $12`', said);
  expect(part).toMatchObject({
    kind: 'shell',
    script: 'git log $1 "$(date $2)" ${3:-x} $ARGUMENTS ${2} ${12}',
    args: ['; rm -rf ~ #', "it's"],
    said,
  });
  expect(part?.text).toContain(String.raw`git log '; rm -rf ~ #' "$(date 'it'\''s')" x`);
});

it('what stands in single quotes is the shell’s own, and shown so', () => {
  const [part] = fillCommand("!`awk '{print $1}' $1 \"$(wc -l '$2')\" it\\'s $2`", 'a.txt b.txt');
  expect(part).toMatchObject({ script: "awk '{print $1}' $1 \"$(wc -l '$2')\" it\\'s $2" });
  expect(part?.text).toMatch(/^awk '\{print \$1\}' 'a\.txt' /);
  expect(part?.text).toMatch(/it\\'s 'b\.txt'$/);
  const [block] = fillCommand("```!\n# don't\nls $1 # can't\n```", 'src');
  expect(block?.text).toBe("# don't\nls 'src' # can't");
});
