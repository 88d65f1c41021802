import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace } from 'socket.io';
import { Channels } from '../../../platform/redis/channels.js';
import { sessionKeys, SUBSCRIPTIONS_CHANGED } from '../../../platform/redis/keys.js';
import { EventLog } from '../../sessions/index.js';
import { PacedNews } from './paced-news.js';
import { ReadSnapshot } from './read-snapshot.js';
import { SessionRoom } from './session-room.js';
import type { Viewer } from './viewer.js';

interface OpenRoom {
  room: SessionRoom;
  viewers: Set<Viewer>;
  news: RoomNews;
  subscribed: Promise<() => void>;
}

/** Notifications of what viewers read again by REST when it changes. */
interface RoomNews {
  deliveries: PacedNews;
  subscriptions: PacedNews;
}

/** The sessions watched on this replica. Each is subscribed to once, regardless of the number of viewers. */
@Injectable()
export class SessionRooms {
  private readonly rooms = new Map<string, OpenRoom>();

  constructor(
    private readonly channels: Channels,
    private readonly log: EventLog,
    private readonly snapshot: ReadSnapshot,
    private readonly logger: PinoLogger,
  ) {}

  /** Subscribes before reading: events appended in between are received twice, and taken once. */
  async attach(viewer: Viewer, afterSeq: number | null, namespace: Namespace): Promise<void> {
    const open = this.rooms.get(viewer.sessionId) ?? this.open(viewer.sessionId, namespace);
    open.viewers.add(viewer);
    try {
      await open.subscribed;
    } catch (error) {
      this.detach(viewer);
      throw error;
    }
    // What the viewer has read of them so far may be from before the subscription.
    viewer.socket.emit('session:deliveries-changed', { sessionId: viewer.sessionId });
    viewer.socket.emit('session:subscriptions-changed', { sessionId: viewer.sessionId });
    open.room.bringLevel(viewer, afterSeq).catch((error: unknown) => this.fail(viewer, error));
  }

  detach(viewer: Viewer): void {
    const open = this.rooms.get(viewer.sessionId);
    if (!open?.viewers.delete(viewer)) return;
    open.room.leave(viewer);
    if (open.viewers.size > 0) return;
    this.rooms.delete(viewer.sessionId);
    open.news.deliveries.stop();
    open.news.subscriptions.stop();
    open.subscribed.then(
      (unsubscribe) => unsubscribe(),
      () => undefined, // reported by attach()
    );
  }

  private open(sessionId: string, namespace: Namespace): OpenRoom {
    const room = new SessionRoom(sessionId, this.log, this.snapshot, namespace, (viewer, error) =>
      this.fail(viewer, error),
    );
    const viewers = new Set<Viewer>();
    const tell = (message: 'session:deliveries-changed' | 'session:subscriptions-changed'): void => {
      for (const { socket } of viewers) socket.emit(message, { sessionId });
    };
    const news = {
      deliveries: new PacedNews(() => tell('session:deliveries-changed')),
      subscriptions: new PacedNews(() => tell('session:subscriptions-changed')),
    };
    const open = { room, viewers, news, subscribed: this.subscribe(sessionId, room, news) };
    this.rooms.set(sessionId, open);
    return open;
  }

  /** @returns a function that ends the subscription */
  private async subscribe(sessionId: string, room: SessionRoom, news: RoomNews): Promise<() => void> {
    const leaveLive = await this.channels.subscribe(sessionKeys.live(sessionId), {
      onMessage: (message) => room.onPublished(message),
      onGap: () => room.onGap(),
    });
    try {
      const leaveDeliveries = await this.channels.subscribe(sessionKeys.deliveries(sessionId), {
        onMessage: (message) =>
          message === SUBSCRIPTIONS_CHANGED ? news.subscriptions.changed() : news.deliveries.changed(),
        onGap: () => {
          news.deliveries.changed();
          news.subscriptions.changed();
        },
      });
      return () => {
        leaveLive();
        leaveDeliveries();
      };
    } catch (error) {
      leaveLive();
      throw error;
    }
  }

  /** Closes the viewer's connection, so that it reconnects and resumes from its cursor. */
  private fail(viewer: Viewer, error: unknown): void {
    // It has left meanwhile, and its connection may be used for others.
    if (!viewer.isAttached) return;
    this.logger.error(
      { err: error, sessionId: viewer.sessionId },
      'A viewer could not be brought level; closing its connection',
    );
    this.detach(viewer);
    viewer.socket.conn.close();
  }
}
