import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { Namespace, ServiceKeyRequest } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { IssueServiceKey } from './issue-service-key.js';

/** A daemon's socket, admitted by the runners' gateway on the same namespace for one runner. */
type RunnerSocket = Socket<object, object, object, { runnerId: string }>;

/** Answers daemons' requests for their services' keys. */
@WebSocketGateway({ namespace: Namespace.runner })
export class ServiceKeysGateway implements OnGatewayConnection<RunnerSocket> {
  constructor(
    private readonly issueServiceKey: IssueServiceKey,
    private readonly logger: PinoLogger,
  ) {}

  handleConnection(socket: RunnerSocket): void {
    bindMessage(socket, 'service:key', ServiceKeyRequest, this.logger, async ({ serviceId }) => ({
      apiKey: await this.issueServiceKey.run(socket.data.runnerId, serviceId),
    }));
  }
}
