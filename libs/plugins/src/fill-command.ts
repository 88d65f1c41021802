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
/** Where arguments may stand, with a backslash where they do not. */
const PLACE = /\\?\$(?:\{([^{}]*)\}|(ARGUMENTS\[\d+\]|[A-Za-z_]\w*|@|\d+(?!\w)))/g;
/** A line of shell in pieces: comments, escaped signs, what stands in quotes, and the rest. */
const PIECES = /(?<=^|\s)#[^\n]*|\\[^]|"(?:\\[^]|[^"\\])*"|'[^']*'|[^\\'"#]+|[^]/g;

/**
 * A command with what is said besides it. What shell and files there are is decided by the command alone: arguments that look like
 * either are text. What is said besides a command that has no place for it comes at the end.
 * @param names of arguments, in order
 */
export function fillCommand(content: string, said: string, names: readonly string[] = []): CommandPart[] {
  const words = new Words(content, said, names);
  const parts: CommandPart[] = [];
  let end = 0;
  for (const match of content.matchAll(SPECIAL)) {
    const [whole, block, line, file] = match;
    parts.push({ kind: 'text', text: words.inText(content.slice(end, match.index)) });
    parts.push(file === undefined ? words.inShell(block ?? line ?? '') : { kind: 'file', text: file });
    end = match.index + whole.length;
  }
  parts.push({ kind: 'text', text: words.inText(content.slice(end)) });
  if (!words.areHeard && words.whole !== '') parts.push({ kind: 'text', text: `\n\nARGUMENTS: ${words.whole}` });
  return parts.filter(({ text }) => text !== '');
}

/** What is said besides a command, in its places. */
class Words {
  readonly whole: string;
  /** Whether a place of the command has got anything. */
  areHeard = false;
  readonly #args: readonly string[];
  readonly #names: readonly string[];
  /** Of `$1`: 0 where it is the second, as Claude Code counts now; 1 where it is the first, as it did when there was no `$0`. */
  readonly #first: 0 | 1;

  constructor(content: string, said: string, names: readonly string[]) {
    this.whole = said.trim();
    this.#args = argumentsIn(said);
    this.#names = names;
    const own = content.replace(SPECIAL, (part: string) =>
      outsideQuotes(part.replaceAll('`', ' '), (piece) => piece, ''),
    );
    this.#first = names.length > 0 || /(?<!\\)\$(?:0(?!\w)|\{0(?:\}|:-))/.test(own) ? 0 : 1;
  }

  /** A place whose argument is not there stays as it is written. */
  inText(text: string): string {
    return this.#filled(
      text,
      (value) => value,
      (whole) => whole,
    );
  }

  /** In single quotes a place is text, as in any shell: `awk '{print $1}'` means its own. */
  inShell(template: string): ShellPart {
    const script = outsideQuotes(template, (piece) => this.#asShell(piece));
    const text = outsideQuotes(template, (piece) => this.#filled(piece, quoted, () => ''));
    return { kind: 'shell', text, script, args: this.#args, said: this.whole };
  }

  #filled(text: string, as: (value: string) => string, missing: (whole: string) => string): string {
    return text.replace(PLACE, (whole: string, braced?: string, plain?: string) => {
      const [name, standard] = this.#placeIn(braced, plain);
      const found = this.#valueOf(name);
      if (found === null) return whole;
      if (whole.startsWith('\\')) return whole.slice(1);
      if (found === '' || found === undefined) return standard ?? (found === '' ? '' : missing(whole));
      this.areHeard = true;
      return as(found);
    });
  }

  /** The shell has its arguments from 1 on. */
  #asShell(text: string): string {
    return text.replace(PLACE, (whole: string, braced?: string, plain?: string) => {
      const [name, standard] = this.#placeIn(braced, plain);
      const index = this.#indexOf(name);
      if (index === null || whole.startsWith('\\')) return whole;
      return `\${${index + 1}${standard === undefined ? '' : `:-${standard}`}}`;
    });
  }

  #placeIn(braced: string | undefined, plain = ''): [string, string | undefined] {
    const [, name = plain, standard] = /^([^:]*)(?::-([^]*))?$/.exec(braced ?? plain) ?? [];
    return [name, standard];
  }

  /** Null: it is no place. Undefined: its argument is not there. */
  #valueOf(name: string): string | null | undefined {
    if (name === 'ARGUMENTS' || name === '@') return this.whole;
    const index = this.#indexOf(name);
    if (index === null) return null;
    return this.#args[index] ?? (this.#names.includes(name) ? '' : undefined);
  }

  /** Of the argument that a place is for; null: it is for no single one. */
  #indexOf(name: string): number | null {
    const [, listed] = /^ARGUMENTS\[(\d+)\]$/.exec(name) ?? [];
    if (listed !== undefined) return Number(listed);
    if (/^\d+$/.test(name)) return Number(name) < this.#first ? null : Number(name) - this.#first;
    const at = this.#names.indexOf(name);
    return at === -1 ? null : at;
  }
}

/** A line of shell, changed but for what stands in single quotes. */
function outsideQuotes(template: string, change: (piece: string) => string, inQuotes?: string): string {
  const pieces = template.match(PIECES) ?? [];
  return pieces.map((piece) => (/^'[^]*'$/.test(piece) ? (inQuotes ?? piece) : change(piece))).join('');
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
