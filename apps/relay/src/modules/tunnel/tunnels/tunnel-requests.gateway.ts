import { WebSocketGateway } from '@nestjs/websockets';
import { type AgentTunnelAnswer, AgentTunnelRequest, Namespace } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { WorkerRequests } from '../../../platform/sockets/worker-requests.js';
import { AnswerAgent } from './answer-agent.js';

/** Answers requests of agents' tunnel tools. */
@WebSocketGateway({ namespace: Namespace.agent })
export class TunnelRequestsGateway extends WorkerRequests<typeof AgentTunnelRequest, AgentTunnelAnswer> {
  constructor(answerAgent: AnswerAgent, logger: PinoLogger) {
    super({
      name: 'tunnels:request',
      schema: AgentTunnelRequest,
      logger,
      answer: (...request) => answerAgent.run(...request),
    });
  }
}
