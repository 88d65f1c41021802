import { Injectable } from '@nestjs/common';
import type { InboxItem } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Channels } from '../../../platform/redis/channels.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { SessionInbox } from '../session-inbox.js';

const COUNT = 100;

/** Sends a session's inbox to its worker, in order, for as long as this replica holds the worker's socket. */
@Injectable()
export class InboxPump {
  constructor(
    private readonly channels: Channels,
    private readonly inbox: SessionInbox,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Begins with everything the worker has not acknowledged.
   * @returns what stops it
   */
  async start(sessionId: string, send: (items: InboxItem[]) => void): Promise<() => void> {
    let cursor = '0-0';
    let isStopped = false;
    let isReading = false;
    let isWanted = false;

    const read = async (): Promise<void> => {
      while (isWanted && !isStopped) {
        isWanted = false;
        for (;;) {
          const items = await this.inbox.readAfter(sessionId, cursor, COUNT);
          if (items.length === 0 || isStopped) break;
          cursor = items.at(-1)?.cursor ?? cursor;
          send(items);
        }
      }
    };
    const wake = (): void => {
      isWanted = true;
      if (isReading) return;
      isReading = true;
      read()
        .catch((error: unknown) => this.logger.error({ err: error, sessionId }, 'Reading a session inbox failed'))
        .finally(() => (isReading = false));
    };

    const unsubscribe = await this.channels.subscribe(sessionKeys.wake(sessionId), { onMessage: wake, onGap: wake });
    wake();
    return () => {
      isStopped = true;
      unsubscribe();
    };
  }

  /** The worker has them in its file: the relay forgets them. */
  async received(sessionId: string, deliveryIds: string[]): Promise<void> {
    await this.inbox.received(sessionId, deliveryIds);
  }
}
