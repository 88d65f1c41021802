import type { AgentPorts } from '@pizzapi/agent';
import {
  AgentAttachmentAnswer,
  type AgentAttachmentRequest,
  AgentChildAnswer,
  type AgentChildRequest,
  AgentServices,
  AgentTriggerAnswer,
  type AgentToRelay,
  type AgentTriggerRequest,
  AgentTunnelAnswer,
  type AgentTunnelRequest,
  type RelayToAgent,
} from '@pizzapi/protocol';
import type { Socket } from 'socket.io-client';
import type { Logger } from '../../logging/logger.js';
import { parsed } from '../../relay-link/incoming.js';
import { AnnouncedSigils } from './announced-sigils.js';
import { RelayRequests } from './relay-requests.js';

const ANSWER_TIMEOUT_MS = 30_000;

/** What the agent has of the relay: where its tools ask, and what its runner's services teach it. */
export class RelayPorts implements AgentPorts {
  readonly triggers = new RelayRequests<AgentTriggerRequest, typeof AgentTriggerAnswer>({
    message: 'triggers:request',
    answer: AgentTriggerAnswer,
    lookWith: 'list_trigger_subscriptions',
  });
  readonly tunnels = new RelayRequests<AgentTunnelRequest, typeof AgentTunnelAnswer>({
    message: 'tunnels:request',
    answer: AgentTunnelAnswer,
    lookWith: 'list_tunnels',
  });
  readonly children = new RelayRequests<AgentChildRequest, typeof AgentChildAnswer>({
    message: 'children:request',
    answer: AgentChildAnswer,
    lookWith: 'list_children',
  });
  readonly files = new RelayRequests<AgentAttachmentRequest, typeof AgentAttachmentAnswer>({
    message: 'attachments:request',
    answer: AgentAttachmentAnswer,
  });
  readonly sigils = new AnnouncedSigils();

  /** From now on, on whatever connection. */
  listen(socket: Socket<RelayToAgent, AgentToRelay>, logger: Logger): void {
    const take = parsed('services:announced', AgentServices, logger, ({ sigilDefs }) => this.sigils.take(sigilDefs));
    socket.on('services:announced', take);
  }

  /** The session is registered at the relay. */
  attach(socket: Socket<RelayToAgent, AgentToRelay>): void {
    this.triggers.attach((request) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('triggers:request', request));
    this.children.attach((request) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('children:request', request));
    this.files.attach((request) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('attachments:request', request));
    this.tunnels.attach((request) => socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('tunnels:request', request));
  }

  /** The connection is gone. What was taught stays. */
  detach(): void {
    this.triggers.detach();
    this.files.detach();
    this.tunnels.detach();
    this.children.detach();
  }
}
