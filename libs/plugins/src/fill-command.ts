/** A part of what a command says: text, or a file whose content is put besides. */
interface TextPart {
  kind: 'text' | 'file';
  text: string;
}

/** A line of shell whose output stands in its place. */
export interface ShellPart {
  kind: 'shell';
  /** As people and rules read it: with what is said in its places, quoted. */
  text: string;
  /** As it runs: what is said comes by {@link args} and the variable ARGUMENTS, and never becomes shell. */
  script: string;
  args: readonly string[];
  said: string;
}

export type CommandPart = TextPart | ShellPart;

/** `` !`line` ``, a fenced block that begins with an exclamation mark, and `@path` at the beginning of a word. */
const SPECIAL = /```!\n([^]*?)\n```|!`([^`\n]+)`|(?<=^|\s)@([\w~./-]*[\w-])/g;
const PLACE = /\$\{?(?:ARGUMENTS\[(\d+)\]|(ARGUMENTS|@)|([1-9]\d*))(?::-([^}]*))?\}?/g;

/**
 * A command with what is said besides it. What shell and files there are is decided by the command alone: arguments that look like
 * either are text.
 */
export function fillCommand(content: string, said: string): CommandPart[] {
  const words: Said = { whole: said.trim(), args: argumentsIn(said) };
  const parts: CommandPart[] = [];
  let end = 0;
  for (const match of content.matchAll(SPECIAL)) {
    const [whole, block, line, file] = match;
    parts.push({ kind: 'text', text: filled(content.slice(end, match.index), words) });
    parts.push(file === undefined ? shellPart(block ?? line ?? '', words) : { kind: 'file', text: file });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'text', text: filled(content.slice(end), words) });
  return parts.filter(({ text }) => text !== '');
}

interface Said {
  whole: string;
  args: readonly string[];
}

/** A line of shell in pieces: comments, escaped signs, what stands in quotes, and the rest. */
const PIECES = /(?<=^|\s)#[^\n]*|\\[^]|"(?:\\[^]|[^"\\])*"|'[^']*'|[^\\'"#]+|[^]/g;

/** In single quotes a place is text, as in any shell: `awk '{print $1}'` means its own. */
function shellPart(template: string, words: Said): ShellPart {
  const pieces = template.match(PIECES) ?? [];
  const outside = (change: (piece: string) => string): string =>
    pieces.map((piece) => (/^'[^]*'$/.test(piece) ? piece : change(piece))).join('');
  const script = outside((piece) =>
    piece
      .replace(/\$\{?ARGUMENTS\[(\d+)\]\}?/g, (_whole, index: string) => `\${${Number(index) + 1}}`)
      .replace(/\$([1-9]\d+)/g, '${$1}'),
  );
  const text = outside((piece) => filled(piece, words, quoted));
  return { kind: 'shell', text, script, args: words.args, said: words.whole };
}

function filled(text: string, { whole, args }: Said, as: (value: string) => string = (value) => value): string {
  return text.replace(PLACE, (_match, index?: string, all?: string, place?: string, standard?: string) => {
    const value = all === undefined ? (index === undefined ? args[Number(place) - 1] : args[Number(index)]) : whole;
    return value === undefined || value === '' ? (standard ?? '') : as(value);
  });
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words, with quotes for those that hold spaces. */
function argumentsIn(said: string): string[] {
  return [...said.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word ?? '',
  );
}
