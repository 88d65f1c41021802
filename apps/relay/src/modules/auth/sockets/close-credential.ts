import { Injectable } from '@nestjs/common';
import { Namespace } from '@pizzapi/protocol';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { credentialRoom } from '../caller.js';
import { type CredentialId, EndedCredentials } from '../credentials/ended-credentials.js';
import { AuthenticateSocket } from './authenticate-socket.js';

/**
 * Closes all sockets of a credential, on every replica. Each replica closes its own, because Socket.IO's messages between replicas may be lost:
 * one that has not heard from another yet may miss them.
 */
@Injectable()
export class CloseCredential {
  constructor(
    private readonly sockets: SocketServer,
    private readonly ended: EndedCredentials,
    authenticate: AuthenticateSocket,
  ) {
    ended.listen({
      onEnded: (credential) => this.closeHere(credential),
      onGap: () => authenticate.checkAll(),
    });
  }

  run(credential: CredentialId): Promise<void> {
    return this.ended.tell(credential);
  }

  private closeHere(credential: CredentialId): void {
    for (const namespace of Object.values(Namespace))
      this.sockets.of(namespace).local.in(credentialRoom(credential)).disconnectSockets(true);
  }
}
