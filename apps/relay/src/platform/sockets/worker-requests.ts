import type { OnGatewayConnection } from '@nestjs/websockets';
import type { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import type { Static, TSchema } from 'typebox';
import { bindMessage } from './bind-message.js';

/** A worker's socket on `/agent`, let in by the sessions' gateway for one session. */
type WorkerSocket = Socket<object, object, object, { sessionId: string }>;

/** A request that workers make on behalf of their own session. */
export interface WorkerRequest<S extends TSchema, Answer extends object> {
  name: string;
  schema: S;
  logger: PinoLogger;
  answer: (sessionId: string, message: Static<S>) => Promise<Answer>;
}

/** Base class of gateways that answer one kind of request from workers. */
export abstract class WorkerRequests<
  S extends TSchema,
  Answer extends object,
> implements OnGatewayConnection<WorkerSocket> {
  protected constructor(private readonly request: WorkerRequest<S, Answer>) {}

  handleConnection(socket: WorkerSocket): void {
    const { name, schema, logger, answer } = this.request;
    bindMessage(socket, name, schema, logger, (message) => answer(socket.data.sessionId, message));
  }
}
