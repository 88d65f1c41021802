import { Injectable } from '@nestjs/common';
import type { TunnelView } from '@pizzapi/protocol';
import { pageOf } from '../../../platform/http/page-query.dto.js';
import type { Caller } from '../../auth/index.js';
import type { SessionEntity } from '../../sessions/index.js';
import { mayUse } from './tunnel-access.js';
import { TunnelViews } from './tunnel-views.js';
import { TunnelRepository } from './tunnel.repository.js';

@Injectable()
export class ListTunnels {
  constructor(
    private readonly tunnels: TunnelRepository,
    private readonly views: TunnelViews,
  ) {}

  /** A session's own tunnels and its runner's panels, if the session's owner may use them. */
  async ofSession({ sessionId, runnerId, ownerId }: SessionEntity): Promise<TunnelView[]> {
    const [own, panels] = await Promise.all([this.tunnels.ofSession(sessionId), this.tunnels.ofServices(runnerId)]);
    return this.views.ofMany([...panels, ...own].filter((tunnel) => mayUse(tunnel, { userId: ownerId })));
  }

  /** A page of the caller's tunnels, newest first. It may be shorter than the limit although another one follows. */
  async ofCaller(
    { userId }: Caller,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<{ tunnels: TunnelView[]; nextCursor?: string }> {
    const found = await this.tunnels.page(userId, cursor ?? null, limit + 1);
    const { page, ...rest } = pageOf(found, limit, ({ tunnelId }) => tunnelId);
    return { tunnels: await this.views.ofMany(page), ...rest };
  }
}
