import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { AgentEvents, AgentHandshake, AgentRegister, Namespace as NamespaceName, type RelayToAgent } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Socket } from 'socket.io';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { WorkerTokens } from '../../auth/index.js';
import { sessionRoom } from '../session-room-name.js';
import { InboxPump } from './inbox-pump.js';
import { ReceiveEvents } from './receive-events.js';
import { RegisterWorker } from './register-worker.js';

const handshake = Compile(AgentHandshake);
const Received = Type.Object({ deliveryIds: Type.Array(Type.String(), { minItems: 1, maxItems: 1_000 }) });

/** A worker's socket after the handshake. */
type AgentSocket = Socket<object, RelayToAgent, object, { sessionId: string }>;

/** Workers: one socket, one session. */
@WebSocketGateway({ namespace: NamespaceName.agent })
export class AgentGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<AgentSocket> {
  private namespace!: Namespace;

  constructor(
    private readonly tokens: WorkerTokens,
    private readonly registerWorker: RegisterWorker,
    private readonly receiveEvents: ReceiveEvents,
    private readonly inboxPump: InboxPump,
    private readonly logger: PinoLogger,
  ) {}

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    namespace.use((socket, next) => {
      this.admit(socket).then(() => next(), next);
    });
  }

  handleConnection(socket: AgentSocket): void {
    const { sessionId } = socket.data;
    let epoch: number | null = null;
    let stopPump = (): void => undefined;

    bindMessage(socket, 'agent:register', AgentRegister, this.logger, async (message) => {
      const opened = await this.registerWorker.run(sessionId, message, socket.id);
      // An older connection of this session, of a dead worker or one that lost its way, must not write any more.
      this.namespace.in(sessionRoom(sessionId)).except(socket.id).disconnectSockets(true);
      await socket.join(sessionRoom(sessionId));
      epoch = message.epoch;
      stopPump();
      stopPump = await this.inboxPump.start(sessionId, (items) => socket.emit('inbox:deliver', { items }));
      if (!socket.connected) stopPump();
      return opened;
    });
    bindMessage(socket, 'agent:events', AgentEvents, this.logger, ({ events }) => this.receiveEvents.run(socket, sessionId, epoch, events));
    bindMessage(socket, 'inbox:received', Received, this.logger, async ({ deliveryIds }) => {
      await this.inboxPump.received(sessionId, deliveryIds);
      return {};
    });
    socket.on('disconnect', () => {
      stopPump();
      this.registerWorker.release(sessionId, socket.id).catch((error: unknown) =>
        this.logger.error({ err: error, sessionId }, 'A worker left, but its presence could not be cleared'),
      );
    });
  }

  private async admit(socket: AgentSocket): Promise<void> {
    const auth: unknown = socket.handshake.auth;
    if (!handshake.Check(auth)) throw new Error('The handshake of a worker needs a token and a protocol version.');
    socket.data.sessionId = (await this.tokens.verify(auth.token)).sessionId;
  }
}
