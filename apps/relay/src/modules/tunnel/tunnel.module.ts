import { Module } from '@nestjs/common';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { IssueTicket } from './tickets/issue-ticket.js';
import { Passes } from './tickets/passes.js';
import { PathTokens } from './tickets/path-tokens.js';
import { AnswerAgent } from './tunnels/answer-agent.js';
import { CloseTunnel } from './tunnels/close-tunnel.js';
import { CloseWithSessions } from './tunnels/close-with-sessions.js';
import { KeepPanels } from './tunnels/keep-panels.js';
import { ListTunnels } from './tunnels/list-tunnels.js';
import { OpenTunnel } from './tunnels/open-tunnel.js';
import { SessionTunnelsController } from './tunnels/session-tunnels.controller.js';
import { TellViewers } from './tunnels/tell-viewers.js';
import { TunnelAccess } from './tunnels/tunnel-access.js';
import { TunnelAddresses } from './tunnels/tunnel-addresses.js';
import { TunnelRequestsGateway } from './tunnels/tunnel-requests.gateway.js';
import { TunnelViews } from './tunnels/tunnel-views.js';
import { TunnelRepository } from './tunnels/tunnel.repository.js';
import { TunnelsController } from './tunnels/tunnels.controller.js';

/** Ports of runners that are reached through the relay. */
@Module({
  imports: [RunnersModule, SessionsModule],
  controllers: [SessionTunnelsController, TunnelsController],
  providers: [
    // What is exposed, and who may reach it.
    TunnelRepository,
    TunnelAccess,
    TunnelAddresses,
    TunnelViews,
    ListTunnels,
    OpenTunnel,
    CloseTunnel,
    CloseWithSessions,
    KeepPanels,
    TellViewers,
    AnswerAgent,
    TunnelRequestsGateway,
    // How a browser gets in.
    Passes,
    PathTokens,
    IssueTicket,
  ],
})
export class TunnelModule {}
