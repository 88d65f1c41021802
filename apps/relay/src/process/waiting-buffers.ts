import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MAX_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY_MS = 50;

/**
 * Collects buffers that nobody uses any more once there are many of them. They count little in V8's own eyes, since all of a buffer but its head
 * is outside of the heap: 64 MiB come together while something large passes through a tunnel, and malloc keeps the room for good.
 */
export function boundWaitingBuffers(): void {
  const look = lookForWaitingBuffers();
  setInterval(look, LOOK_EVERY_MS).unref();
}

/** @returns what collects them, if there are many */
export function lookForWaitingBuffers(): () => void {
  const collect = collector();
  return () => {
    // All of external memory is an upper bound that costs little to ask for.
    if (getHeapStatistics().external_memory > MAX_BYTES && process.memoryUsage().arrayBuffers > MAX_BYTES)
      collect({ type: 'minor' });
  };
}

/** V8's own, which it shows only in contexts that are made while the flag is set. */
function collector(): (options: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof gc !== 'function') throw new TypeError('V8 does not show its collector.');
  return (options) => void Reflect.apply(gc, undefined, [options]);
}
