import type { UnnumberedSessionEvent } from '@pizzapi/protocol';

/** One screen frame: what comes faster than this is merged, because nobody could see it anyway. */
export const FRAME_MS = 16;

/** What the coalescer needs of time; tests bring their own. */
export interface Clock {
  nowMs(): number;
  /** Runs `task` after `delayMs`; the returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

type MessageDelta = Extract<UnnumberedSessionEvent, { type: 'message.delta' }>;
type ToolOutput = Extract<UnnumberedSessionEvent, { type: 'tool.output' }>;

/**
 * Merges high-rate deltas per frame. The first delta after a pause goes out at once; the ones that follow within a
 * frame go out together at its end, one event for each block or tool. Any other event first lets out what is held, so
 * the order of events that depend on each other is kept.
 */
export class DeltaCoalescer {
  readonly #emit: (event: UnnumberedSessionEvent) => void;
  readonly #clock: Clock;
  readonly #held = new Map<string, MessageDelta | ToolOutput>();
  #lastSentMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(emit: (event: UnnumberedSessionEvent) => void, clock: Clock = systemClock) {
    this.#emit = emit;
    this.#clock = clock;
  }

  push(event: UnnumberedSessionEvent): void {
    if (event.type !== 'message.delta' && event.type !== 'tool.output') {
      this.flush();
      this.#emit(event);
      return;
    }
    const key = keyOf(event);
    const held = this.#held.get(key);
    this.#held.set(key, held ? merge(held, event) : event);
    const waitMs = this.#lastSentMs + FRAME_MS - this.#clock.nowMs();
    if (waitMs <= 0) this.flush();
    else this.#cancelTimer ??= this.#clock.after(waitMs, () => this.flush());
  }

  /** Lets out what is held, now. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#held.size === 0) return;
    const events = [...this.#held.values()];
    this.#held.clear();
    this.#lastSentMs = this.#clock.nowMs();
    for (const event of events) this.#emit(event);
  }
}

function keyOf(event: MessageDelta | ToolOutput): string {
  return event.type === 'tool.output' ? event.data.toolCallId : `${event.data.messageId} ${event.data.index}`;
}

function merge(first: MessageDelta | ToolOutput, next: MessageDelta | ToolOutput): MessageDelta | ToolOutput {
  if (first.type === 'message.delta' && next.type === 'message.delta') {
    return { ...first, data: { ...first.data, delta: first.data.delta + next.data.delta } };
  }
  if (first.type === 'tool.output' && next.type === 'tool.output' && !next.data.reset) {
    return { ...first, data: { ...first.data, delta: first.data.delta + next.data.delta } };
  }
  // A reset makes what was held before it meaningless.
  return next;
}
