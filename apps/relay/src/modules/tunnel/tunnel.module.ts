import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/index.js';
import { RunnersModule } from '../runners/index.js';
import { SessionsModule } from '../sessions/index.js';
import { FindReach } from './access/find-reach.js';
import { KnownReaches } from './access/known-reaches.js';
import { RunningExchanges } from './access/running-exchanges.js';
import { Carry } from './carrying/carry.js';
import { Throttles } from './carrying/throttles.js';
import { DrainTunnels } from './drain-tunnels.js';
import { AnnounceAddress } from './links/announce-address.js';
import { Arrivals } from './links/arrivals.js';
import { FindConnection } from './links/find-connection.js';
import { ForgetRunners } from './links/forget-runners.js';
import { HopTokens } from './links/hop-tokens.js';
import { ReplicaHops } from './links/replica-hops.js';
import { RunnerLinks } from './links/runner-links.js';
import { TunnelEntrance } from './links/tunnel.entrance.js';
import { EnterTunnel } from './own-origin/enter-tunnel.js';
import { OwnCookies } from './own-origin/own-cookies.js';
import { OwnOriginEntrance } from './own-origin/own-origin.entrance.js';
import { TunnelHosts } from './own-origin/tunnel-hosts.js';
import { PathFormEntrance } from './path-form/path-form.entrance.js';
import { TunnelPolicies } from './policy/tunnel-policies.js';
import { TunnelPolicyController } from './policy/tunnel-policy.controller.js';
import { ResolveSigil } from './sigils/resolve-sigil.js';
import { SigilsController } from './sigils/sigils.controller.js';
import { IssueTicket } from './tickets/issue-ticket.js';
import { Passes } from './tickets/passes.js';
import { PathTokens } from './tickets/path-tokens.js';
import { TunnelNews } from './tunnel-news.js';
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

/** Access to ports of runners through the relay. */
@Module({
  imports: [AuthModule, RunnersModule, SessionsModule],
  controllers: [SessionTunnelsController, SigilsController, TunnelPolicyController, TunnelsController],
  providers: [
    // Tunnels, and who may use them.
    TunnelRepository,
    TunnelAccess,
    TunnelPolicies,
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
    // How browsers enter.
    Passes,
    PathTokens,
    IssueTicket,
    TunnelHosts,
    EnterTunnel,
    OwnCookies,
    OwnOriginEntrance,
    PathFormEntrance,
    // Access, and its end.
    TunnelNews,
    KnownReaches,
    FindReach,
    RunningExchanges,
    // Connections to runners.
    RunnerLinks,
    TunnelEntrance,
    Arrivals,
    HopTokens,
    ReplicaHops,
    AnnounceAddress,
    ForgetRunners,
    FindConnection,
    Throttles,
    Carry,
    DrainTunnels,
    ResolveSigil,
  ],
})
export class TunnelModule {}
