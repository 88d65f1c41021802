import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { conflict } from '../../../platform/http/problem.error.js';
import { EventBus } from '../../../platform/streams/event-bus.js';
import { TunnelNews } from '../tunnel-news.js';
import type { TunnelEntity } from './tunnel.entity.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Closes a session's tunnel for good, and ends the exchanges through it. */
@Injectable()
export class CloseTunnel {
  constructor(
    private readonly tunnels: TunnelRepository,
    private readonly news: TunnelNews,
    private readonly bus: EventBus,
  ) {}

  /** @throws ProblemError `conflict` for a service's tunnel */
  async run({ tunnelId, runnerId, sessionId }: TunnelEntity): Promise<void> {
    if (sessionId === null)
      throw conflict(
        ProblemCode.conflict,
        "A service's panel can be reached for as long as the service runs; disable the service instead.",
      );
    if (!(await this.tunnels.delete(tunnelId))) return;
    await this.news.tell({ news: 'closed', tunnelIds: [tunnelId] });
    await this.bus.publish('tunnels.changed', { runnerId, sessionId });
  }
}
