import { MAX_TOOL_OUTPUT_BYTES } from '@pizzapi/protocol';

/** Shown where a tool's output was cut; the file of the session has what the model saw. */
export const CUT_MARKER = '\n[… output cut here: more than 1 MiB …]\n';

/** How much of a window's start is looked for in the text before it. */
const ANCHOR_LENGTH = 256;

/**
 * Turns one tool call's cumulative output into deltas.
 *
 * pi reports all of the output each time, and of long output a window that moves on. A window is recognised by its
 * overlap with the one before, so a viewer gets only what is new; where nothing overlaps, the text is a reset.
 */
export class ToolOutputDelta {
  #text = '';
  #sentBytes = 0;
  #isCut = false;

  /** @returns what to send for the output as it is now, or null when there is nothing new. */
  next(text: string): { delta: string; reset?: true } | null {
    if (this.#isCut || text === this.#text) return null;
    const previous = this.#text;
    this.#text = text;
    const known = knownLength(previous, text);
    const delta = this.#limit(text.slice(known ?? 0));
    if (known === null) return { delta, reset: true };
    return delta === '' ? null : { delta };
  }

  #limit(delta: string): string {
    this.#sentBytes += Buffer.byteLength(delta);
    if (this.#sentBytes <= MAX_TOOL_OUTPUT_BYTES) return delta;
    this.#isCut = true;
    const excess = this.#sentBytes - MAX_TOOL_OUTPUT_BYTES;
    return cutToBytes(delta, Buffer.byteLength(delta) - excess);
  }
}

/** Cuts a text to so many bytes of UTF-8, at a whole character, and marks the cut. Shorter text stays as it is. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  // Decoding a cut character yields U+FFFD, which is dropped.
  const kept = Buffer.from(text)
    .toString('utf8', 0, Math.max(0, maxBytes))
    .replace(/\uFFFD$/, '');
  return kept + CUT_MARKER;
}

/** How much of `text`'s start was already in `previous`'s end; null when it does not go on from it. */
function knownLength(previous: string, text: string): number | null {
  if (text.startsWith(previous)) return previous.length;
  const anchor = text.slice(0, ANCHOR_LENGTH);
  if (anchor.length < ANCHOR_LENGTH) return null;
  const at = previous.indexOf(anchor);
  if (at === -1) return null;
  const overlap = previous.slice(at);
  return text.startsWith(overlap) ? overlap.length : null;
}
