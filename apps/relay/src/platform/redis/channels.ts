import { Injectable } from '@nestjs/common';
import type { Redis as IoRedis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { Redis } from './redis.js';

const AGAIN_MS = 1_000;

export interface ChannelListener {
  onMessage: (message: string) => void;
  /** The connection was lost for a while, so messages may have been missed: read the stream again. */
  onGap?: () => void;
}

/**
 * Sharded pub/sub on one connection. A channel is subscribed to once, however many listeners it has, and left when the last of them leaves.
 * A message is only a hint that something is in a stream; whoever missed one reads the stream.
 */
@Injectable()
export class Channels {
  private readonly listeners = new Map<string, Set<ChannelListener>>();
  private readonly subscriptions = new Map<string, Promise<unknown>>();
  private readonly connection: IoRedis;
  private isFirstConnection = true;

  constructor(
    redis: Redis,
    private readonly logger: PinoLogger,
  ) {
    this.connection = redis.connect('channels', { autoResubscribe: false });
    this.connection.on('smessage', (channel: string, message: string) => {
      for (const listener of this.listeners.get(channel) ?? []) this.tell(channel, () => listener.onMessage(message));
    });
    this.connection.on('ready', () => this.resubscribe());
  }

  /**
   * Resolves once Redis has confirmed the subscription, so that nothing is missed between a stream that is read afterwards and the first message.
   * @returns a function that ends this subscription; calling it again does nothing
   */
  async subscribe(channel: string, listener: ChannelListener): Promise<() => void> {
    const own = { ...listener };
    const listeners = this.listeners.get(channel);
    if (listeners) listeners.add(own);
    else this.listeners.set(channel, new Set([own]));
    let subscription = this.subscriptions.get(channel);
    if (!subscription) this.subscriptions.set(channel, (subscription = this.connection.ssubscribe(channel)));
    try {
      await subscription;
    } catch (error) {
      this.leave(channel, own);
      throw error;
    }
    return () => this.leave(channel, own);
  }

  /** One listener that fails takes neither the others along nor the process. */
  private tell(channel: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.logger.error({ channel, err: error }, 'What came on a channel could not be handled');
    }
  }

  private leave(channel: string, listener: ChannelListener): void {
    const listeners = this.listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.listeners.delete(channel);
    this.subscriptions.delete(channel);
    this.connection
      .sunsubscribe(channel)
      .catch((error: unknown) => this.logger.debug({ channel, reason: String(error) }, 'Leaving a channel failed'));
  }

  private resubscribe(): void {
    if (this.isFirstConnection) {
      this.isFirstConnection = false;
      return;
    }
    for (const channel of this.listeners.keys()) this.hearAgain(channel);
  }

  /** Retries until it succeeds: without the subscription, its listeners would hear of nothing. */
  private hearAgain(channel: string): void {
    const subscription = this.connection.ssubscribe(channel);
    this.subscriptions.set(channel, subscription);
    subscription.then(
      () => this.listeners.get(channel)?.forEach((listener) => this.tell(channel, () => listener.onGap?.())),
      (error: unknown) => {
        this.logger.warn({ channel, err: error }, 'A channel could not be subscribed again; it is tried once more');
        setTimeout(() => {
          // Unless a reconnect has subscribed again in the meantime, or nobody listens any more.
          if (this.subscriptions.get(channel) === subscription) this.hearAgain(channel);
        }, AGAIN_MS).unref();
      },
    );
  }
}
