import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { AgentAttachmentRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { notFound } from '../../../platform/http/problem.error.js';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { ReadAttachment } from '../../attachments/index.js';

/** A worker's socket, let in by the sessions' gateway on the same namespace for one session. */
type WorkerSocket = Socket<object, object, object, { sessionId: string }>;

/** Workers fetch the files of their session's messages. */
@WebSocketGateway({ namespace: Namespace.agent })
export class AttachmentRequestsGateway implements OnGatewayConnection<WorkerSocket> {
  constructor(
    private readonly attachments: ReadAttachment,
    private readonly logger: PinoLogger,
  ) {}

  handleConnection(socket: WorkerSocket): void {
    bindMessage(socket, 'attachments:request', AgentAttachmentRequest, this.logger, async ({ attachmentId, chunk }) => {
      const attachment = await this.attachments.find(attachmentId);
      const bytes =
        attachment?.sessionId === socket.data.sessionId ? await this.attachments.chunk(attachmentId, chunk) : null;
      if (bytes === null) throw notFound('attachment');
      return { base64: bytes.toString('base64') };
    });
  }
}
