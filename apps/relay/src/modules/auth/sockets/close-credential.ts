import { Injectable } from '@nestjs/common';
import { Namespace } from '@pizzapi/protocol';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { credentialRoom } from '../caller.js';

/** Closes what a credential opened, on every replica, at once. */
@Injectable()
export class CloseCredential {
  constructor(private readonly sockets: SocketServer) {}

  run(credential: { keyId: string } | { loginId: string }): void {
    for (const namespace of Object.values(Namespace))
      this.sockets.of(namespace).in(credentialRoom(credential)).disconnectSockets(true);
  }
}
