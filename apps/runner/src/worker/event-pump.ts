import type { SessionEvent } from '@pizzapi/protocol';
import type { ParsedAnswer } from '../relay-link/answer.js';
import type { Refusal } from '../relay-link/refusal.js';
import type { EventOutbox } from './event-outbox.js';

/** Enough to fill a slow line without waiting for each answer; bounds what is in memory twice. */
const MAX_BATCHES_ON_THE_WAY = 8;

export interface EventPumpOptions {
  outbox: EventOutbox;
  /** Rejects when there is no answer, and says why in the log. */
  send: (events: SessionEvent[]) => Promise<ParsedAnswer<{ lastSeq: number }>>;
  /** A batch was not taken. The pump has stopped, nothing is on its way any more: find out where the relay stands and start again. */
  onTrouble: (refusal: Refusal | null) => void;
}

/** Moves events from the outbox to the relay, several batches at a time and in order. */
export class EventPump {
  private isRunning = false;
  private isScheduled = false;
  /** Answers that belong to an earlier connection say nothing about this one. */
  private run = 0;
  private onTheWay = 0;
  private trouble: { refusal: Refusal | null } | null = null;
  private emptyListeners: (() => void)[] = [];

  constructor(private readonly options: EventPumpOptions) {}

  get isStarted(): boolean {
    return this.isRunning;
  }

  /** The relay said where it stands and the outbox was resumed. */
  start(): void {
    this.run += 1;
    this.onTheWay = 0;
    this.trouble = null;
    this.isRunning = true;
    this.pump();
  }

  /** The connection is gone. */
  stop(): void {
    this.run += 1;
    this.isRunning = false;
  }

  /** There is something new; what is added in the same tick travels together. */
  schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      this.pump();
    });
  }

  /** Resolves when the relay has everything, or after the time. */
  async drain(timeoutMs: number): Promise<void> {
    if (this.options.outbox.isEmpty) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.emptyListeners.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private pump(): void {
    while (this.isRunning && this.onTheWay < MAX_BATCHES_ON_THE_WAY) {
      const batch = this.options.outbox.nextBatch();
      if (!batch) return;
      this.onTheWay += 1;
      void this.deliver(batch, this.run);
    }
  }

  private async deliver(batch: SessionEvent[], run: number): Promise<void> {
    const answer = await this.options.send(batch).catch(() => null);
    if (run !== this.run) return;
    this.onTheWay -= 1;
    if (answer?.ok) {
      this.options.outbox.acknowledge(answer.lastSeq);
      if (this.options.outbox.isEmpty) for (const listener of this.emptyListeners.splice(0)) listener();
    } else {
      this.isRunning = false;
      this.trouble ??= { refusal: answer?.problem ?? null };
    }
    if (this.trouble === null) this.pump();
    else if (this.onTheWay === 0) this.options.onTrouble(this.trouble.refusal);
  }
}
