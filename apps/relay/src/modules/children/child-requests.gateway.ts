import { WebSocketGateway } from '@nestjs/websockets';
import { type AgentChildAnswer, AgentChildRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { WorkerRequests } from '../../platform/sockets/worker-requests.js';
import { AnswerAgent } from './answer-agent.js';

/** The tools of agents for child sessions. */
@WebSocketGateway({ namespace: Namespace.agent })
export class ChildRequestsGateway extends WorkerRequests<typeof AgentChildRequest, AgentChildAnswer> {
  constructor(answerAgent: AnswerAgent, logger: PinoLogger) {
    super({
      name: 'children:request',
      schema: AgentChildRequest,
      logger,
      answer: (...request) => answerAgent.run(...request),
    });
  }
}
