import type { Readable, Writable } from 'node:stream';
import type { Pacing } from './pacing.js';

/**
 * Moves the bytes of one stream into another as fast as both, and the throttles, allow. It ends nothing: whoever pours knows what the end
 * of each side means. (`pipeline` doesn't, throws when the goal has closed, and takes a truncated answer for a whole one.)
 * @param ahead bytes that may wait in the goal, where that is more than the goal itself asks for
 */
export function pour(from: Readable, into: Writable, throttles: readonly Pacing[] = [], ahead = 0): void {
  let timer: NodeJS.Timeout | null = null;
  let isFull = false;
  const goOn = (): void => {
    if (!isFull && timer === null) from.resume();
  };
  from.on('data', (chunk: Buffer) => {
    // What is left over after the goal has gone.
    if (into.destroyed || into.writableEnded) return;
    isFull = !into.write(chunk) && into.writableLength >= ahead;
    const waitMs = throttles.length === 0 ? 0 : Math.max(...throttles.map((throttle) => throttle.passed(chunk.length)));
    if (waitMs > 0) timer = setTimeout(() => ((timer = null), goOn()), waitMs);
    if (isFull || waitMs > 0) from.pause();
  });
  into.on('drain', () => {
    isFull = false;
    goOn();
  });
  from.once('close', () => {
    if (timer !== null) clearTimeout(timer);
  });
}
