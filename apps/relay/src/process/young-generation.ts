import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Both halves: one has room for all that a call to a thousand sessions leaves behind, so little of it grows old. V8 itself would go up to
 * 128 MiB, and keep the most that it ever took.
 */
const MAX_BYTES = 64 * 1024 * 1024;
/**
 * V8 lets it grow once as much as it holds has lived on. What a trigger leaves behind hardly does, so by V8's own factor of 2 the last steps
 * would come minutes after the work began.
 */
const MAX_GROWTH = 8;

/** The young generation stays as small as it is, and everything begins in it. */
export function holdYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  // V8 would make objects old from the start where many of their kind lived on, as sessions do at a start. In deliveries they are garbage
  // at once, which only a full collection takes away: of twelve calls to a thousand sessions, one met that.
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Lets the young generation grow to its bound. `--max-semi-space-size` would say that, but only on the command line of the process, which
 * is whoever's that starts the relay. V8 reads anew with each collection by how much it may grow.
 */
export function boundYoungGeneration(): void {
  let factor: number | null = null;
  const look = (): void => {
    const next = Math.max(1, Math.min(MAX_GROWTH, Math.floor(MAX_BYTES / youngBytes())));
    if (next === factor) return;
    factor = next;
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  };
  look();
  new PerformanceObserver(look).observe({ type: 'gc' });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
