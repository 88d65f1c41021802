import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { AgentChildRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { bindMessage } from '../../platform/sockets/bind-message.js';
import { AnswerAgent } from './answer-agent.js';

/** A worker's socket, let in by the sessions' gateway on the same namespace for one session. */
type WorkerSocket = Socket<object, object, object, { sessionId: string }>;

/** The tools of agents for child sessions. */
@WebSocketGateway({ namespace: Namespace.agent })
export class ChildRequestsGateway implements OnGatewayConnection<WorkerSocket> {
  constructor(
    private readonly answerAgent: AnswerAgent,
    private readonly logger: PinoLogger,
  ) {}

  handleConnection(socket: WorkerSocket): void {
    bindMessage(socket, 'children:request', AgentChildRequest, this.logger, (message) =>
      this.answerAgent.run(socket.data.sessionId, message),
    );
  }
}
