import { Injectable } from '@nestjs/common';
import type { AgentTunnelAnswer, AgentTunnelRequest } from '@pizzapi/protocol';
import { v7 } from 'uuid';
import { notFound } from '../../../platform/http/problem.error.js';
import { SessionAccess } from '../../sessions/index.js';
import { CloseTunnel } from './close-tunnel.js';
import { ListTunnels } from './list-tunnels.js';
import { OpenTunnel } from './open-tunnel.js';
import { TunnelViews } from './tunnel-views.js';
import { TunnelRepository } from './tunnel.repository.js';

/** Carries out what an agent's tunnel tools request for its own session, as REST does. */
@Injectable()
export class AnswerAgent {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly tunnels: TunnelRepository,
    private readonly views: TunnelViews,
    private readonly list: ListTunnels,
    private readonly open: OpenTunnel,
    private readonly close: CloseTunnel,
  ) {}

  async run(sessionId: string, message: AgentTunnelRequest): Promise<AgentTunnelAnswer> {
    const session = await this.sessions.requireItself(sessionId);
    switch (message.request) {
      case 'list':
        return { tunnels: await this.list.ofSession(session) };
      case 'create': {
        const { port, name } = message;
        const opened = await this.open.run(session, { operationId: v7(), port, name, openedBy: 'agent' });
        return { tunnels: [await this.views.of(opened)] };
      }
      case 'close': {
        const tunnel = await this.tunnels.find(message.tunnelId);
        // A tunnel that is already closed counts as success, but another session's must not.
        if (tunnel && tunnel.sessionId !== sessionId) throw notFound("tunnel of this session's");
        if (tunnel) await this.close.run(tunnel);
        return { tunnels: [] };
      }
      case 'close-port': {
        const tunnel = (await this.tunnels.ofSession(sessionId)).find(({ port }) => port === message.port);
        if (tunnel) await this.close.run(tunnel);
        return { tunnels: [] };
      }
    }
  }
}
