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
/** Within the braces of a place. */
const NAME_AND_STANDARD = /^([^:]*)(?::-([^]*))?$/;
/** A place for the argument before the first one of a shell. */
const ZERO = /(?<!\\)\$(?:0(?!\w)|\{0(?:\}|:-))/;

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

/** Where an argument may stand: `$1`, `${name:-standard}`, `$ARGUMENTS[2]`. */
interface Place {
  /** As it is written. */
  whole: string;
  name: string;
  /** What stands there without an argument; null: nothing is said of that. */
  standard: string | null;
  /** It is written with a backslash, and means itself. */
  isEscaped: boolean;
}

/** What is said besides a command, in its places. */
class Words {
  readonly whole: string;
  /** Whether a place of the command has got anything. */
  areHeard = false;
  readonly #args: readonly string[];
  readonly #names: readonly string[];
  readonly #first: 0 | 1;

  constructor(content: string, said: string, names: readonly string[]) {
    this.whole = said.trim();
    this.#args = argumentsIn(said);
    this.#names = names;
    this.#first = firstNumber(content, names);
  }

  /** A place whose argument is not there stays as it is written. */
  inText(text: string): string {
    return withPlaces(text, (place) => this.#filled(place, place.whole));
  }

  /** In single quotes a place is text, as in any shell: `awk '{print $1}'` means its own. */
  inShell(template: string): ShellPart {
    const script = outsideQuotes(template, (piece) => withPlaces(piece, (place) => this.#asShell(place)));
    const text = outsideQuotes(template, (piece) => withPlaces(piece, (place) => this.#filled(place, '', quoted)));
    return { kind: 'shell', text, script, args: this.#args, said: this.whole };
  }

  /** @param missing what stands where an argument is not there */
  #filled({ whole, name, standard, isEscaped }: Place, missing: string, written = asItIs): string {
    const argument = this.#argumentFor(name);
    if (argument === 'none') return whole;
    if (isEscaped) return whole.slice(1);
    if (argument.value !== '') {
      this.areHeard = true;
      return written(argument.value);
    }
    return standard ?? (argument.isMissing ? missing : '');
  }

  /** A shell has its arguments from 1 on. */
  #asShell({ whole, name, standard, isEscaped }: Place): string {
    const index = this.#indexOf(name);
    if (index === null || isEscaped) return whole;
    return `\${${index + 1}${standard === null ? '' : `:-${standard}`}}`;
  }

  /** What stands in a place of that name. `none`: it is no place. One that has a name of the command's own is never missing, only empty. */
  #argumentFor(name: string): 'none' | { value: string; isMissing: boolean } {
    if (name === 'ARGUMENTS' || name === '@') return { value: this.whole, isMissing: false };
    const index = this.#indexOf(name);
    if (index === null) return 'none';
    const value = this.#args[index];
    return { value: value ?? '', isMissing: value === undefined && !this.#names.includes(name) };
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

/** Of the first argument: 0, as Claude Code counts now; 1, as it did when there was no `$0`, in a command that has none. */
function firstNumber(content: string, names: readonly string[]): 0 | 1 {
  // A `$0` in single quotes of a line of shell is the shell's own.
  const own = content.replace(SPECIAL, (part: string) => outsideQuotes(part.replaceAll('`', ' '), asItIs, ''));
  return names.length > 0 || ZERO.test(own) ? 0 : 1;
}

function withPlaces(text: string, fill: (place: Place) => string): string {
  return text.replace(PLACE, (whole: string, braced?: string, plain?: string) => {
    const [, name = '', standard = null] = NAME_AND_STANDARD.exec(braced ?? plain ?? '') ?? [];
    return fill({ whole, name, standard, isEscaped: whole.startsWith('\\') });
  });
}

/** A line of shell, changed but for what stands in single quotes. */
function outsideQuotes(template: string, change: (piece: string) => string, inQuotes?: string): string {
  const pieces = template.match(PIECES) ?? [];
  return pieces.map((piece) => (/^'[^]*'$/.test(piece) ? (inQuotes ?? piece) : change(piece))).join('');
}

function asItIs(text: string): string {
  return text;
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
