import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { DomainEvent, WantedTriggers } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Channels } from '../../../platform/redis/channels.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { WakeFeed } from '../../../platform/streams/wake-feed.js';
import { WantedTriggersOfRunners } from './wanted-triggers.js';
import { WantedVersion } from './wanted-version.js';

/** Changes within this time make one message: a message is the whole list, and a thousand sessions may subscribe at once. */
const TOGETHER_MS = 50;
/** How often to compare what is wanted even if the version has not changed: somebody may have died between a change and changing the version. */
const LOOK_AGAIN_MS = 60_000;

/** Keeps connected daemons informed of what is wanted of their services. One replica handles the event, and wakes the one that holds the socket. */
@ReadsEvents({ group: 'wanted-triggers', events: ['runner.wanted-triggers-changed'] })
@Injectable()
export class TellWantedTriggers implements EventReader {
  constructor(
    private readonly wanted: WantedTriggersOfRunners,
    private readonly version: WantedVersion,
    private readonly redis: Redis,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  async handle(events: DomainEvent[]): Promise<void> {
    const runnerIds = new Set<string>();
    for (const event of events) if (event.type === 'runner.wanted-triggers-changed') runnerIds.add(event.data.runnerId);
    for (const runnerId of runnerIds) await this.redis.commands.spublish(runnerKeys.wanted(runnerId), '');
  }

  /**
   * Sends the whole list at first, and again after each change. The version serves as the cursor. A change while the list is being read
   * causes another wake-up.
   */
  feed(
    runnerId: string,
    send: (wanted: WantedTriggers) => void,
    lookAgainMs = LOOK_AGAIN_MS,
  ): WakeFeed<WantedTriggers> {
    let said = '';
    let lookedAt = -Infinity;
    return new WakeFeed<WantedTriggers>(
      {
        channel: runnerKeys.wanted(runnerId),
        lookAgainMs,
        readAfter: async (told) => {
          if (told !== null) await pause(TOGETHER_MS, undefined, { ref: false });
          const version = await this.version.read(runnerId);
          const isSame = version === told;
          if (isSame && performance.now() - lookedAt < lookAgainMs / 2) return { items: [], last: null };
          lookedAt = performance.now();
          const wanted = await this.wanted.of(runnerId);
          const text = JSON.stringify(wanted);
          if (isSame && text === said) return { items: [], last: null };
          said = text;
          return { items: [wanted], last: version };
        },
        send: (items) => items.forEach(send),
        onError: (error) => this.logger.warn({ err: error, runnerId }, 'Reading what is wanted of a runner failed'),
      },
      this.channels,
    );
  }
}
