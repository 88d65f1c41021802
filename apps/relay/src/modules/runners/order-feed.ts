import type { RunnerOrder } from '@pizzapi/protocol';
import type { PinoLogger } from 'nestjs-pino';
import { runnerKeys } from '../../platform/redis/keys.js';
import type { Channels } from '../../platform/redis/channels.js';
import type { RunnerInbox } from './runner-inbox.js';

const BATCH = 100;

/**
 * Sends one connected daemon what is in its inbox, in order: everything that is not done when it connects, then what comes. A wake-up
 * is only a hint to read the stream, so one that is missed or comes twice does no harm.
 */
export class OrderFeed {
  private cursor: string | null = null;
  private isReading = false;
  private isWoken = false;
  private isStopped = false;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly runnerId: string,
    private readonly send: (orders: RunnerOrder[]) => void,
    private readonly inbox: RunnerInbox,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  async start(): Promise<void> {
    const wake = (): void => this.wake();
    this.unsubscribe = await this.channels.subscribe(runnerKeys.wake(this.runnerId), { onMessage: wake, onGap: wake });
    if (this.isStopped) this.unsubscribe();
    else this.wake();
  }

  stop(): void {
    this.isStopped = true;
    this.unsubscribe?.();
  }

  private wake(): void {
    this.isWoken = true;
    if (this.isReading) return;
    this.drain().catch((error: unknown) => {
      // Redis is away; its return is a gap, which wakes again.
      this.logger.warn({ err: error, runnerId: this.runnerId }, "Reading a runner's inbox failed");
    });
  }

  private async drain(): Promise<void> {
    this.isReading = true;
    try {
      while (this.isWoken && !this.isStopped) {
        this.isWoken = false;
        const { orders, last } = await this.inbox.readAfter(this.runnerId, this.cursor, BATCH);
        if (last === null) continue;
        this.cursor = last;
        this.isWoken = true; // there may be more than one batch
        if (orders.length > 0 && !this.isStopped) this.send(orders);
      }
    } finally {
      this.isReading = false;
    }
  }
}
