import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { OPEN_SESSIONS_CHANGED } from '../../sessions/index.js';
import { TunnelNews } from '../tunnel-news.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Closes the tunnels of sessions that end or are deleted, before that is announced. */
@Injectable()
export class CloseWithSessions {
  constructor(
    private readonly tunnels: TunnelRepository,
    private readonly news: TunnelNews,
    private readonly bus: EventBus,
    database: Database,
  ) {
    database.whenCommitted(OPEN_SESSIONS_CHANGED, (runnerId) => this.close(runnerId));
  }

  private async close(runnerId: string): Promise<void> {
    const closed = await this.tunnels.deleteOfEnded(runnerId);
    if (closed.length === 0) return;
    await this.news.tell({ news: 'closed', tunnelIds: closed.map(({ tunnelId }) => tunnelId) });
    const sessionIds = new Set(closed.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId])));
    for (const sessionId of sessionIds) await this.bus.publish('tunnels.changed', { runnerId, sessionId });
  }
}
