import { Injectable } from '@nestjs/common';
import { Namespace } from '@pizzapi/protocol';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { credentialRoom } from '../caller.js';
import { type CredentialId, EndedCredentials } from '../credentials/ended-credentials.js';

/** Closes what a credential opened, on every replica, at once. */
@Injectable()
export class CloseCredential {
  constructor(
    private readonly sockets: SocketServer,
    private readonly ended: EndedCredentials,
  ) {}

  async run(credential: CredentialId): Promise<void> {
    for (const namespace of Object.values(Namespace))
      this.sockets.of(namespace).in(credentialRoom(credential)).disconnectSockets(true);
    await this.ended.tell(credential);
  }
}
