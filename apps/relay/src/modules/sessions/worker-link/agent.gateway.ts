import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import {
  AgentEvents,
  AgentHandshake,
  AgentRegister,
  type AgentRegistered,
  type InboxItem,
  Namespace as NamespaceName,
  type RelayToAgent,
} from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Socket } from 'socket.io';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Channels } from '../../../platform/redis/channels.js';
import { unauthenticated } from '../../../platform/http/problem.error.js';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { socketRefusal } from '../../../platform/sockets/socket-refusal.js';
import { WorkerTokens } from '../../auth/index.js';
import { DirectDeliveries, InboxFeeds, ReceiveDeliveries, SessionInbox, WorkerFeed } from '../../deliveries/index.js';
import { ReceiveEvents } from './receive-events.js';
import { RegisterWorker } from './register-worker.js';

const handshake = Compile(AgentHandshake);
const Received = Type.Object({ deliveryIds: Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }) });

/** What a worker's token says about it. Other gateways of the namespace use it too. */
interface WorkerData {
  sessionId: string;
  runnerId: string;
}
type AgentNamespace = Namespace<object, RelayToAgent, object, WorkerData>;
/** A worker's socket after the handshake. */
type AgentSocket = Socket<object, RelayToAgent, object, WorkerData>;

/** Workers: one socket, one session. */
@WebSocketGateway({ namespace: NamespaceName.agent })
export class AgentGateway implements OnGatewayInit<AgentNamespace>, OnGatewayConnection<AgentSocket> {
  private namespace!: AgentNamespace;

  constructor(
    private readonly tokens: WorkerTokens,
    private readonly registerWorker: RegisterWorker,
    private readonly receiveEvents: ReceiveEvents,
    private readonly inbox: SessionInbox,
    private readonly feeds: InboxFeeds,
    private readonly direct: DirectDeliveries,
    private readonly receiveDeliveries: ReceiveDeliveries,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  afterInit(namespace: AgentNamespace): void {
    this.namespace = namespace;
    namespace.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(socketRefusal(error)),
      );
    });
  }

  handleConnection(socket: AgentSocket): void {
    const { sessionId } = socket.data;
    const { inbox, channels, logger } = this;
    const send = (items: InboxItem[]): void => void socket.emit('inbox:deliver', { items });
    const feed = new WorkerFeed({ sessionId, send, inbox, channels, logger });
    let epoch: number | null = null;
    let registering: Promise<unknown> = Promise.resolve();

    bindMessage(socket, 'agent:register', AgentRegister, this.logger, (message) => {
      const registered = this.register(socket, message, feed).then((answer) => {
        epoch = message.epoch;
        return answer;
      });
      registering = registered.catch(() => undefined); // the worker gets the refusal as its answer
      return registered;
    });
    bindMessage(socket, 'agent:events', AgentEvents, this.logger, ({ events }) =>
      this.receiveEvents.run(sessionId, epoch, events, () => socket.conn.close()),
    );
    bindMessage(socket, 'inbox:received', Received, this.logger, async ({ deliveryIds }) => {
      await this.receiveDeliveries.run(sessionId, feed.owedOf(deliveryIds));
      feed.settle(deliveryIds);
      return {};
    });
    socket.on('disconnect', () => {
      feed.stop();
      this.feeds.remove(sessionId, socket.id);
      const released = registering.then(() => this.registerWorker.release(sessionId, socket.id));
      Promise.all([this.direct.place(sessionId), released]).catch((error: unknown) =>
        this.logger.error({ err: error, sessionId }, 'A worker left, but its presence could not be cleared'),
      );
    });
  }

  private async register(
    socket: AgentSocket,
    message: Static<typeof AgentRegister>,
    feed: WorkerFeed,
  ): Promise<AgentRegistered> {
    const { opened, before } = await this.registerWorker.run(socket.data.sessionId, message, socket.id);
    // An older connection of this session, by a dead or stray worker, must not write any more.
    if (before && before.socketId !== socket.id) this.namespace.in(before.socketId).disconnectSockets(true);
    await this.feeds.add(socket.data.sessionId, { token: socket.id, feed }, () => socket.connected);
    await feed.start();
    return opened;
  }

  private async admit(socket: AgentSocket): Promise<void> {
    const auth: unknown = socket.handshake.auth;
    if (!handshake.Check(auth))
      throw unauthenticated('The handshake of a worker needs a token and a protocol version.');
    const { sessionId, runnerId } = await this.tokens.verify(auth.token);
    Object.assign(socket.data, { sessionId, runnerId });
  }
}
