import { cutMarker, cutToBytes } from '../outputs/cut-output.js';

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
  readonly #maxBytes: number;

  /** @param maxBytes what is sent at most, in all */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

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
    if (this.#sentBytes <= this.#maxBytes) return delta;
    this.#isCut = true;
    const excess = this.#sentBytes - this.#maxBytes;
    return cutToBytes(delta, Buffer.byteLength(delta) - excess) + cutMarker(this.#maxBytes);
  }
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
