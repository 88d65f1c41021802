/** Whatever may end one command and begin another, or send its output somewhere. */
const DIVIDERS = /[;&|<>()`\n\r]/;
/** Words before a command that run it all the same. */
const BEFORE_A_COMMAND =
  /^(?:(?:[A-Za-z_]\w*=\S*|if|then|else|elif|while|until|do|!|\{|env|command|exec|nohup|time|nice|xargs) +)+/;

/** Whether a shell may run more of it than the one command that it begins with. Quotes are not heeded: rather once too often. */
export function isDivided(command: string): boolean {
  return DIVIDERS.test(command);
}

/**
 * The commands in a line of shell, each without variables and words before it, spaces made one. Not a parser: it finds what a well-meaning
 * agent writes, not what somebody hides (`bash -c "…"`, an alias, a script).
 */
export function shellParts(command: string): string[] {
  return command
    .split(DIVIDERS)
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .flatMap((part) => [part, part.replace(BEFORE_A_COMMAND, '')])
    .filter((part) => part !== '' && part !== '$');
}
