import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace } from 'socket.io';
import { Channels } from '../../../platform/redis/channels.js';
import { sessionKeys } from '../../../platform/redis/keys.js';
import { EventLog } from '../../sessions/index.js';
import { DeliveryNews } from './delivery-news.js';
import { ReadSnapshot } from './read-snapshot.js';
import { SessionRoom } from './session-room.js';
import type { Viewer } from './viewer.js';

interface OpenRoom {
  room: SessionRoom;
  viewers: Set<Viewer>;
  news: DeliveryNews;
  subscribed: Promise<() => void>;
}

/** The sessions that are watched on this replica: subscribed once each, whatever the number of viewers. */
@Injectable()
export class SessionRooms {
  private readonly rooms = new Map<string, OpenRoom>();

  constructor(
    private readonly channels: Channels,
    private readonly log: EventLog,
    private readonly snapshot: ReadSnapshot,
    private readonly logger: PinoLogger,
  ) {}

  /** Subscribes first, then reads: what is appended in between is seen by both, and taken once. */
  async attach(viewer: Viewer, afterSeq: number | null, namespace: Namespace): Promise<void> {
    const open = this.rooms.get(viewer.sessionId) ?? this.open(viewer.sessionId, namespace);
    open.viewers.add(viewer);
    try {
      await open.subscribed;
    } catch (error) {
      this.detach(viewer);
      throw error;
    }
    open.room.bringLevel(viewer, afterSeq).catch((error: unknown) => this.fail(viewer, error));
  }

  detach(viewer: Viewer): void {
    const open = this.rooms.get(viewer.sessionId);
    if (!open?.viewers.delete(viewer)) return;
    open.room.leave(viewer);
    if (open.viewers.size > 0) return;
    this.rooms.delete(viewer.sessionId);
    open.news.stop();
    open.subscribed.then(
      (unsubscribe) => unsubscribe(),
      () => undefined, // attach() reported it
    );
  }

  private open(sessionId: string, namespace: Namespace): OpenRoom {
    const room = new SessionRoom(sessionId, this.log, this.snapshot, namespace, (error) =>
      this.logger.error({ err: error, sessionId }, 'Reading the event log for viewers failed'),
    );
    const viewers = new Set<Viewer>();
    const news = new DeliveryNews(() => {
      for (const { socket } of viewers) socket.emit('session:deliveries-changed', { sessionId });
    });
    const open = { room, viewers, news, subscribed: this.subscribe(sessionId, room, news) };
    this.rooms.set(sessionId, open);
    return open;
  }

  /** @returns what ends it */
  private async subscribe(sessionId: string, room: SessionRoom, news: DeliveryNews): Promise<() => void> {
    const leaveLive = await this.channels.subscribe(sessionKeys.live(sessionId), {
      onMessage: (message) => room.onPublished(message),
      onGap: () => room.onGap(),
    });
    try {
      const onChange = (): void => news.changed();
      const leaveDeliveries = await this.channels.subscribe(sessionKeys.deliveries(sessionId), {
        onMessage: onChange,
        onGap: onChange,
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

  /** The viewer is not left in the dark: its connection ends, and it resumes from its cursor. */
  private fail(viewer: Viewer, error: unknown): void {
    this.logger.error(
      { err: error, sessionId: viewer.sessionId },
      'A viewer could not be brought level; closing its connection',
    );
    this.detach(viewer);
    viewer.socket.conn.close();
  }
}
