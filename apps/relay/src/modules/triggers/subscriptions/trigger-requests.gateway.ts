import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { AgentTriggerRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { AnswerAgent } from './answer-agent.js';

/** A worker's socket, let in by the sessions' gateway on the same namespace for one session. */
type WorkerSocket = Socket<object, object, object, { sessionId: string }>;

/** The trigger tools of agents. */
@WebSocketGateway({ namespace: Namespace.agent })
export class TriggerRequestsGateway implements OnGatewayConnection<WorkerSocket> {
  constructor(
    private readonly answerAgent: AnswerAgent,
    private readonly logger: PinoLogger,
  ) {}

  handleConnection(socket: WorkerSocket): void {
    bindMessage(socket, 'triggers:request', AgentTriggerRequest, this.logger, (message) =>
      this.answerAgent.run(socket.data.sessionId, message),
    );
  }
}
