import type { UnnumberedSessionEvent } from '@pizzapi/protocol';
import { DeltaCoalescer, FRAME_MS } from '../../libs/agent/src/events/delta-coalescer.js';
import type { BenchWorker } from './bench-worker.js';
import { EVENT_BYTES } from './sample-events.js';
import { stamped } from './stamp.js';

export interface SteadyLoad {
  /** Events that leave the coalescer. */
  perSecond: number;
  seconds: number;
  /** Even: one event at a time. Else in bursts, one a frame, as the coalescer lets out many tools' output at once. */
  isEven: boolean;
}

/** Of an event beside the text, roughly. */
const FRAME_BYTES = 140;

/**
 * Pushes tools' output through the real coalescer; what it lets out is stamped at that moment. Few tools that speak in turn leave
 * it one by one; many that speak together leave it in one burst a frame, merged.
 * @returns how many events left the coalescer
 */
export async function sendSteadily(worker: BenchWorker, { perSecond, seconds, isEven }: SteadyLoad): Promise<number> {
  let count = 0;
  const text = 'x'.repeat(EVENT_BYTES - FRAME_BYTES);
  const emit = (event: UnnumberedSessionEvent): void => {
    if (event.type !== 'tool.output') return;
    count++;
    worker.send({ ...event, data: { ...event.data, delta: stamped(text) } });
  };
  const coalescer = new DeltaCoalescer(emit);
  const push = (toolCallId: string): void =>
    coalescer.push({ type: 'tool.output', ts: new Date().toISOString(), data: { toolCallId, delta: text } });
  if (isEven) {
    await everyMs(1, perSecond, seconds, () => {
      push('even');
      coalescer.flush();
    });
    return count;
  }
  // Each tool speaks twice a frame, so that there is something to merge. Timers are late by about a millisecond.
  const tools = Math.ceil((perSecond * (FRAME_MS + 1)) / 1_000);
  let next = 0;
  await everyMs(1, ((tools * 1_000) / FRAME_MS) * 2, seconds, () => push(`tool-${next++ % tools}`));
  coalescer.flush();
  return count;
}

/** Calls `work` at `perSecond`, making good what a late timer left out. */
async function everyMs(periodMs: number, perSecond: number, seconds: number, work: () => void): Promise<void> {
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  let done = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
      while (done < due) {
        work();
        done++;
      }
      if (done < total) return;
      clearInterval(timer);
      resolve();
    }, periodMs);
  });
}
