/** A part of what a command says: text, a line of shell whose output stands in its place, or a file whose content is put besides. */
export type CommandPart = { kind: 'text' | 'shell' | 'file'; text: string };

/** `` !`line` ``, a fenced block that begins with an exclamation mark, and `@path` at the beginning of a word. */
const SPECIAL = /```!\n([^]*?)\n```|!`([^`\n]+)`|(?<=^|\s)@([\w~./-]*[\w-])/g;
const PLACE = /\$\{?(?:ARGUMENTS\[(\d+)\]|(ARGUMENTS|@)|(\d+))(?::-([^}]*))?\}?/g;

/**
 * A command with what is said besides it. What shell and files there are is decided by the command alone: arguments that look like
 * either are text.
 */
export function fillCommand(content: string, said: string): CommandPart[] {
  const args = argumentsIn(said);
  const fill = (text: string): string => filled(text, said.trim(), args);
  const parts: CommandPart[] = [];
  let end = 0;
  for (const match of content.matchAll(SPECIAL)) {
    parts.push({ kind: 'text', text: fill(content.slice(end, match.index)) });
    const [whole, block, line, file] = match;
    if (file === undefined) parts.push({ kind: 'shell', text: fill(block ?? line ?? '') });
    else parts.push({ kind: 'file', text: fill(file) });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'text', text: fill(content.slice(end)) });
  return parts.filter(({ text }) => text !== '');
}

function filled(text: string, said: string, args: readonly string[]): string {
  return text.replace(PLACE, (_whole, index?: string, all?: string, place?: string, standard?: string) => {
    const value = all === undefined ? (index === undefined ? args[Number(place) - 1] : args[Number(index)]) : said;
    return value === undefined || value === '' ? (standard ?? '') : value;
  });
}

/** Words, with quotes for those that hold spaces. */
function argumentsIn(said: string): string[] {
  return [...said.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word ?? '',
  );
}
