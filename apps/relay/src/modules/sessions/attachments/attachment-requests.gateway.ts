import { WebSocketGateway } from '@nestjs/websockets';
import { type AgentAttachmentAnswer, AgentAttachmentRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { notFound } from '../../../platform/http/problem.error.js';
import { WorkerRequests } from '../../../platform/sockets/worker-requests.js';
import { ReadAttachment, SendAttachments } from '../../attachments/index.js';

/** Workers fetch the files of their session's messages. */
@WebSocketGateway({ namespace: Namespace.agent })
export class AttachmentRequestsGateway extends WorkerRequests<typeof AgentAttachmentRequest, AgentAttachmentAnswer> {
  constructor(attachments: ReadAttachment, sending: SendAttachments, logger: PinoLogger) {
    const answer = async (sessionId: string, { attachmentId, chunk }: AgentAttachmentRequest) => {
      const attachment = await attachments.find(attachmentId);
      if (attachment?.sessionId !== sessionId) throw notFound('attachment');
      // A message with this file was accepted, but that relay could not record it any more.
      if (!attachment.isSent) await sending.claim(sessionId, [attachment]);
      const bytes = await attachments.chunk(attachmentId, chunk);
      if (bytes === null) throw notFound('attachment');
      return { base64: bytes.toString('base64') };
    };
    super({ name: 'attachments:request', schema: AgentAttachmentRequest, logger, answer });
  }
}
