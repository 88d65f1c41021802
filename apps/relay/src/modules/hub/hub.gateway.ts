import { type BeforeApplicationShutdown } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { Namespace as NamespaceName, type RelayToHub } from '@pizzapi/protocol';
import type { Namespace, Socket } from 'socket.io';
import { AuthenticateSocket, userRoom } from '../auth/index.js';

type HubNamespace = Namespace<object, RelayToHub>;

/** Live updates of lists. All browsers of a user share a room. */
@WebSocketGateway({ namespace: NamespaceName.hub })
export class HubGateway implements OnGatewayInit<HubNamespace>, OnGatewayConnection<Socket>, BeforeApplicationShutdown {
  private namespace!: HubNamespace;

  constructor(private readonly authenticate: AuthenticateSocket) {}

  afterInit(namespace: HubNamespace): void {
    this.namespace = namespace;
    namespace.use(this.authenticate.browser());
  }

  async handleConnection(socket: Socket): Promise<void> {
    await socket.join(userRoom(this.authenticate.callerOf(socket).userId));
  }

  /** Sends a message to all browsers of a user, on any replica. */
  tell<M extends keyof RelayToHub>(userId: string, message: M, ...data: Parameters<RelayToHub[M]>): void {
    this.namespace.to(userRoom(userId)).emit(message, ...data);
  }

  beforeApplicationShutdown(): void {
    this.namespace.local.emit('relay:stopping', {});
  }
}
