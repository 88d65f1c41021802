/** Whatever may end one command and begin another, or send its output somewhere. */
const DIVIDERS = /[;&|<>()`\n\r]/;
/** Words before a command that run it all the same. */
const WORDS_BEFORE = [
  String.raw`[A-Za-z_]\w*=\S*`,
  String.raw`if|then|else|elif|while|until|do|!|\{`,
  'env|command|builtin|exec|eval|nohup|time|setsid|xargs',
  String.raw`(?:nice|ionice|stdbuf)(?: -\S+)*`,
  String.raw`timeout(?: -\S+)* \S+`,
  // Of these options the next word belongs to it.
  String.raw`(?:sudo|doas)(?: -[A-Za-z]*[ugpC] \S+| -\S+)*`,
].join('|');
const BEFORE_A_COMMAND = new RegExp(`^(?:(?:${WORDS_BEFORE}) +)+`);
/** `/usr/bin/git` is git. */
const ITS_FOLDER = /^\\?\/(?:\S*\/)?|^\\/;
/** Of git, what stands before its own command: `git -C app push` pushes. */
const BEFORE_GITS_COMMAND =
  /^git(?: -[Cc] \S+| --(?:git-dir|work-tree|namespace)(?:=| )\S+| -P| -p| --no-pager| --paginate)+ /;

/** Whether a shell may run more of it than the one command that it begins with. Quotes are not heeded: rather once too often. */
export function isDivided(command: string): boolean {
  return DIVIDERS.test(command);
}

/**
 * The commands in a line of shell, each also without variables, words, folders and options before it, spaces made one. Not a parser: it
 * finds what a well-meaning agent writes, not what somebody hides (`bash -c "…"`, an alias, a script).
 */
export function shellParts(command: string): string[] {
  return command
    .split(DIVIDERS)
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .flatMap((part) => [part, bare(part)])
    .filter((part) => part !== '' && part !== '$');
}

/** The command itself, as rules write it. */
function bare(part: string): string {
  const command = part.replace(ITS_FOLDER, '').replace(BEFORE_A_COMMAND, '').replace(ITS_FOLDER, '');
  return command.replace(BEFORE_GITS_COMMAND, 'git ');
}
