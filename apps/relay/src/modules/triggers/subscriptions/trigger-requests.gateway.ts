import { WebSocketGateway } from '@nestjs/websockets';
import { type AgentTriggerAnswer, AgentTriggerRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { WorkerRequests } from '../../../platform/sockets/worker-requests.js';
import { AnswerAgent } from './answer-agent.js';

/** The trigger tools of agents. */
@WebSocketGateway({ namespace: Namespace.agent })
export class TriggerRequestsGateway extends WorkerRequests<typeof AgentTriggerRequest, AgentTriggerAnswer> {
  constructor(answerAgent: AnswerAgent, logger: PinoLogger) {
    super({
      name: 'triggers:request',
      schema: AgentTriggerRequest,
      logger,
      answer: (...request) => answerAgent.run(...request),
    });
  }
}
