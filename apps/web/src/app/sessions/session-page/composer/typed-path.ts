import type { FoundFile } from '@pizzapi/protocol';

/** The relay's limit. */
const MAX_QUERY = 200;
/** An `@` where a word begins, up to the caret; in quotes where the path has spaces. */
const TYPED = /(?<=^|[\s([{])@(?:"([^"\n]*)|([^\s"]*))$/;

/** What is typed of a file's path behind an `@`. */
export interface TypedPath {
  /** Where the `@` stands. */
  readonly start: number;
  readonly query: string;
}

/** Null if no path is being typed at the caret. */
export function typedPath(text: string, caret: number): TypedPath | null {
  const found = TYPED.exec(text.slice(0, caret));
  if (!found) return null;
  const query = found[1] ?? found[2] ?? '';
  return query.length > MAX_QUERY ? null : { start: found.index, query };
}

export interface Completed {
  readonly text: string;
  readonly caret: number;
}

/** The text with what was typed replaced by that file's path; after a folder, typing continues. */
export function completedPath(text: string, caret: number, { start }: TypedPath, file: FoundFile): Completed {
  const path = file.isFolder ? `${file.path}/` : file.path;
  const isQuoted = /[\s"]/.test(path);
  const isInQuotes = text[start + 1] === '"';
  const rest = text.slice(isInQuotes && text[caret] === '"' ? caret + 1 : caret);
  const mention = isQuoted ? `@"${path.replaceAll('"', '')}"` : `@${path}`;
  const before = text.slice(0, start) + mention;
  if (file.isFolder) return { text: before + rest, caret: before.length - (isQuoted ? 1 : 0) };
  const space = /^\s/.test(rest) ? '' : ' ';
  return { text: before + space + rest, caret: before.length + 1 };
}

/** Whether a path has the typed letters in order. Narrows the relay's last answer until the next one arrives. */
export function mayFit(path: string, query: string): boolean {
  const lower = path.toLowerCase();
  let at = -1;
  for (const letter of query.toLowerCase().replace(/^\.?\//, '')) {
    at = lower.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}
