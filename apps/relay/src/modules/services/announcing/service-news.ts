import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { ServiceAnnouncement } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { Channels } from '../../../platform/redis/channels.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { WakeFeed } from '../../../platform/streams/wake-feed.js';
import { RunnerOffers } from '../../runners/index.js';

/** Changes within this time are sent as one message: each message is complete, and a starting service announces several times. */
const TOGETHER_MS = 100;
const NOTHING: ServiceAnnouncement = { services: [], panels: [], triggerDefs: [], sigilDefs: [] };

export type TellServices = (offer: ServiceAnnouncement) => void;

interface WatchedRunner {
  feed: WakeFeed<ServiceAnnouncement>;
  started: Promise<void>;
  watchers: Set<TellServices>;
  last: ServiceAnnouncement | null;
}

/** Watchers of runners' service announcements on this replica. Each runner is subscribed to and read once, however many watch it. */
@Injectable()
export class ServiceNews {
  private readonly watched = new Map<string, WatchedRunner>();

  constructor(
    private readonly offers: RunnerOffers,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Calls `tell` with the current announcement, and again with the complete one after each change.
   * @returns a function that ends the watch
   */
  async watch(runnerId: string, tell: TellServices): Promise<() => void> {
    const runner = this.watched.get(runnerId) ?? this.open(runnerId);
    const watcher: TellServices = (offer) => tell(offer); // a distinct watcher per call, even for the same function
    runner.watchers.add(watcher);
    if (runner.last) watcher(runner.last);
    const leave = (): void => this.leave(runnerId, runner, watcher);
    try {
      await runner.started;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  private open(runnerId: string): WatchedRunner {
    const watchers = new Set<TellServices>();
    const feed = this.feed(runnerId, (offer) => {
      runner.last = offer;
      for (const tell of watchers) tell(offer);
    });
    const runner: WatchedRunner = { feed, started: feed.start(), watchers, last: null };
    this.watched.set(runnerId, runner);
    return runner;
  }

  private leave(runnerId: string, runner: WatchedRunner, watcher: TellServices): void {
    if (!runner.watchers.delete(watcher) || runner.watchers.size > 0) return;
    runner.feed.stop();
    this.watched.delete(runnerId);
  }

  /** The cursor is the announcement told last, as most wake-ups of a runner that reconnects change nothing. */
  private feed(runnerId: string, tell: TellServices): WakeFeed<ServiceAnnouncement> {
    return new WakeFeed<ServiceAnnouncement>(
      {
        channel: runnerKeys.services(runnerId),
        readAfter: async (told) => {
          if (told !== null) await pause(TOGETHER_MS, undefined, { ref: false });
          const offer = (await this.offers.of(runnerId)) ?? NOTHING;
          const digest = createHash('sha256').update(JSON.stringify(offer)).digest('base64');
          return digest === told ? { items: [], last: null } : { items: [offer], last: digest };
        },
        send: (items) => items.forEach(tell),
        onError: (error) => this.logger.warn({ err: error, runnerId }, "Reading what a runner's services offer failed"),
      },
      this.channels,
    );
  }
}
