import {
  type AgentAttachmentAnswer,
  AgentAttachmentRequest,
  AgentTriggerRequest,
  type AgentTriggerAnswer,
  AgentTunnelRequest,
  type AgentTunnelAnswer,
  type AgentToRelay,
  type RelayToAgent,
  type SigilDef,
  type SocketAnswer,
} from '@pizzapi/protocol';
import type { Socket } from 'socket.io';
import { Value } from 'typebox/value';

/** The relay's side of what agents ask for with their tools, and of what it teaches them. */
export class FakeAgentPorts {
  readonly triggerRequests: AgentTriggerRequest[] = [];
  triggerAnswer: SocketAnswer<AgentTriggerAnswer> = { ok: true };
  readonly tunnelRequests: AgentTunnelRequest[] = [];
  tunnelAnswer: SocketAnswer<AgentTunnelAnswer> = { ok: true, tunnels: [] };
  readonly attachmentRequests: AgentAttachmentRequest[] = [];
  attachmentAnswer: SocketAnswer<AgentAttachmentAnswer> = { ok: true, base64: '' };
  /** Announced to each worker when it connects. */
  sigilDefs: SigilDef[] = [];

  serve(socket: Socket<AgentToRelay, RelayToAgent>, onFault: (fault: string) => void): void {
    socket.emit('services:announced', { sigilDefs: this.sigilDefs });
    socket.on('triggers:request', (message, answer) => {
      if (!Value.Check(AgentTriggerRequest, message)) onFault(JSON.stringify(message));
      this.triggerRequests.push(message);
      answer(this.triggerAnswer);
    });
    socket.on('tunnels:request', (message, answer) => {
      if (!Value.Check(AgentTunnelRequest, message)) onFault(JSON.stringify(message));
      this.tunnelRequests.push(message);
      answer(this.tunnelAnswer);
    });
    socket.on('attachments:request', (message, answer) => {
      if (!Value.Check(AgentAttachmentRequest, message)) onFault(JSON.stringify(message));
      this.attachmentRequests.push(message);
      answer(this.attachmentAnswer);
    });
  }
}
