import { expect, it } from 'vitest';
import { fillCommand } from './fill-command.js';

it.each<[string, string, [string, string][]]>([
  ['Review $1 as $2.', '"a b" c', [['text', 'Review a b as c.']]],
  ['All: $ARGUMENTS; $ARGUMENTS[1]', 'x y', [['text', 'All: x y; y']]],
  ['${1:-main} and $2!', '', [['text', 'main and $2!']]],
  // As Claude Code counts, and as it did: a command that knows no $0 is an old one.
  ['$0 to $1', 'a b', [['text', 'a to b']]],
  ['$1 to $2', 'a b', [['text', 'a to b']]],
  ['{$1} ${2} $12 $1st', 'a b', [['text', '{a} b $12 $1st']]],
  [String.raw`\$1 is $1`, 'a', [['text', '$1 is a']]],
  // What has no place comes at the end.
  [
    'It costs $5.',
    'now',
    [
      ['text', 'It costs $5.'],
      ['text', '\n\nARGUMENTS: now'],
    ],
  ],
  ['Go.', '  ', [['text', 'Go.']]],
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
    script: 'git log ${1} "$(date ${2})" ${3:-x} $ARGUMENTS ${2} ${12}',
    args: ['; rm -rf ~ #', "it's"],
    said,
  });
  expect(part?.text).toContain(String.raw`git log '; rm -rf ~ #' "$(date 'it'\''s')" x`);
});

it('arguments have names where the command gives them some, and count from 0 then', () => {
  const texts = (said: string) => fillCommand('$issue on $branch, $1, $other', said, ['issue', 'branch']);
  expect(texts('7 main')).toEqual([{ kind: 'text', text: '7 on main, main, $other' }]);
  expect(texts('7')).toEqual([{ kind: 'text', text: '7 on , $1, $other' }]);
  const [part] = fillCommand('!`git log $branch $HOME`', '7 "a b"', ['issue', 'branch']);
  expect(part).toMatchObject({ script: 'git log ${2} $HOME', text: "git log 'a b' $HOME" });
});

it('a line of shell that means its own $0 does not change how arguments count', () => {
  const content = "!`awk '{print $0}'` of $1";
  expect(fillCommand(content, 'a')).toMatchObject([{ kind: 'shell' }, { text: ' of a' }]);
  const [part] = fillCommand('!`ls $0 $1`', 'a b');
  expect(part).toMatchObject({ script: 'ls ${1} ${2}', text: "ls 'a' 'b'" });
});

it('what stands in single quotes is the shell’s own, and shown so', () => {
  const [part] = fillCommand("!`awk '{print $1}' $1 \"$(wc -l '$2')\" it\\'s $2`", 'a.txt b.txt');
  expect(part).toMatchObject({ script: "awk '{print $1}' ${1} \"$(wc -l '${2}')\" it\\'s ${2}" });
  expect(part?.text).toMatch(/^awk '\{print \$1\}' 'a\.txt' /);
  expect(part?.text).toMatch(/it\\'s 'b\.txt'$/);
  const [block] = fillCommand("```!\n# don't\nls $1 # can't\n```", 'src');
  expect(block?.text).toBe("# don't\nls 'src' # can't");
});
