/**
 * Text that only grows: appending costs the length of the addition, and a reader fetches just what it has not seen.
 * Values are immutable; successive values share one array, of which each sees its own first `count` chunks.
 */
export interface GrowingText {
  readonly chunks: readonly string[];
  readonly count: number;
  readonly length: number;
}

class SharedText implements GrowingText {
  constructor(
    readonly chunks: string[],
    readonly count: number,
    readonly length: number,
  ) {}
}

export function emptyText(): GrowingText {
  return new SharedText([], 0, 0);
}

export function growingText(text: string): GrowingText {
  return appendText(emptyText(), text);
}

export function appendText(text: GrowingText, delta: string): GrowingText {
  if (delta === '') return text;
  const isNewest = text instanceof SharedText && text.chunks.length === text.count;
  // Only the newest value may extend the shared array; an older one starts an array of its own.
  const chunks = isNewest ? text.chunks : text.chunks.slice(0, text.count);
  chunks.push(delta);
  return new SharedText(chunks, text.count + 1, text.length + delta.length);
}

/** What was appended after the first `count` chunks. */
export function textSince(text: GrowingText, count: number): string {
  return count === 0 ? wholeText(text) : text.chunks.slice(count, text.count).join('');
}

export function wholeText(text: GrowingText): string {
  return text.chunks.length === text.count ? text.chunks.join('') : text.chunks.slice(0, text.count).join('');
}

/** True when `next` is `previous` or a later value of the same text, so that a reader may go on from where it was. */
export function isContinuation(previous: GrowingText, next: GrowingText): boolean {
  return previous.chunks === next.chunks && next.count >= previous.count;
}
