import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import {
  Namespace as NamespaceName,
  type RelayToRunner,
  type RunnerOrder,
  ServiceAnnouncement,
  WorkerReport,
} from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Socket } from 'socket.io';
import { Type } from 'typebox';
import { Channels } from '../../../platform/redis/channels.js';
import { runnerKeys } from '../../../platform/redis/keys.js';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { socketRefusal } from '../../../platform/sockets/socket-refusal.js';
import { WakeFeed } from '../../../platform/streams/wake-feed.js';
import { AuthenticateSocket } from '../../auth/index.js';
import { AdmitRunner } from './admit-runner.js';
import { AnnounceServices } from '../offers/announce-services.js';
import { OrderPolicy } from '../orders/order-policy.js';
import { RunnerInbox } from '../orders/runner-inbox.js';
import { RunnerPresence } from './runner-presence.js';
import { RunnerSessions } from '../runner-sessions.js';
import { TellPolicy } from '../orders/tell-policy.js';
import { TellWantedTriggers } from '../wanted/tell-wanted-triggers.js';

const ORDERS_AT_A_TIME = 100;
const OrderDone = Type.Object({ cursor: Type.String({ minLength: 1, maxLength: 64 }) });

type RunnerNamespace = Namespace<object, RelayToRunner, object, { runnerId: string }>;
/** A daemon's socket after the handshake. */
type RunnerSocket = Socket<object, RelayToRunner, object, { runnerId: string }>;

/** Daemons: one socket, one runner. */
@WebSocketGateway({ namespace: NamespaceName.runner })
export class RunnerGateway implements OnGatewayInit<RunnerNamespace>, OnGatewayConnection<RunnerSocket> {
  private namespace!: RunnerNamespace;

  constructor(
    private readonly authenticate: AuthenticateSocket,
    private readonly admitRunner: AdmitRunner,
    private readonly presence: RunnerPresence,
    private readonly inbox: RunnerInbox,
    private readonly orderPolicy: OrderPolicy,
    private readonly sessions: RunnerSessions,
    private readonly announceServices: AnnounceServices,
    private readonly tellWanted: TellWantedTriggers,
    private readonly tellPolicy: TellPolicy,
    private readonly channels: Channels,
    private readonly logger: PinoLogger,
  ) {}

  afterInit(namespace: RunnerNamespace): void {
    this.namespace = namespace;
    namespace.use(this.authenticate.runner());
    namespace.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(socketRefusal(error)),
      );
    });
  }

  handleConnection(socket: RunnerSocket): void {
    const { runnerId } = socket.data;
    bindMessage(socket, 'order:done', OrderDone, this.logger, async ({ cursor }) => {
      await this.inbox.done(runnerId, cursor);
      return {};
    });
    bindMessage(socket, 'worker:report', WorkerReport, this.logger, async (report) => {
      await this.sessions.port.reported(runnerId, report);
      return {};
    });
    this.takeAnnouncements(socket);

    const feeds = [
      this.orderFeed(socket),
      this.tellWanted.feed(runnerId, (wanted) => socket.emit('runner:wanted-triggers', wanted)),
      this.tellPolicy.feed(runnerId, (news) =>
        'policyAt' in news ? socket.emit('runner:policy', news) : socket.emit('runner:policy-unknown', news),
      ),
    ];
    const attached = this.attach(socket, feeds).catch((error: unknown) => {
      this.logger.error({ err: error, runnerId }, 'A runner could not be attached; it connects again');
      socket.disconnect(true);
    });
    socket.on('disconnect', () => {
      for (const feed of feeds) feed.stop();
      attached
        .then(() => this.presence.detach(runnerId, socket.id))
        .catch((error: unknown) =>
          this.logger.error({ err: error, runnerId }, 'A runner left, but its presence could not be cleared'),
        );
    });
  }

  /** Stores announcements one after the other, so that the last one counts. */
  private takeAnnouncements(socket: RunnerSocket): void {
    let before: Promise<unknown> = Promise.resolve();
    bindMessage(socket, 'service:announce', ServiceAnnouncement, this.logger, async (announcement) => {
      const stored = before.then(() => this.announceServices.run(socket.data.runnerId, announcement));
      before = stored.catch(() => undefined); // the daemon gets the refusal as its answer
      await stored;
      return {};
    });
  }

  /** Sends every order that is not done when the daemon connects, and then whatever comes. */
  private orderFeed(socket: RunnerSocket): WakeFeed<RunnerOrder> {
    const { runnerId } = socket.data;
    return new WakeFeed<RunnerOrder>(
      {
        channel: runnerKeys.wake(runnerId),
        readAfter: async (cursor) => {
          const { orders, last } = await this.inbox.readAfter(runnerId, cursor, ORDERS_AT_A_TIME);
          return { items: await this.orderPolicy.addTo(runnerId, await this.current(runnerId, orders)), last };
        },
        send: (orders) => socket.emit('runner:orders', { orders }),
        onError: (error) => this.logger.warn({ err: error, runnerId }, "Reading a runner's inbox failed"),
      },
      this.channels,
    );
  }

  /**
   * Without the starts of sessions that are over: the end of a session withdraws the order, but a relay may be killed right before that, or
   * may wake a paused session in the same moment.
   */
  private async current(runnerId: string, orders: RunnerOrder[]): Promise<RunnerOrder[]> {
    const starts = orders.filter(({ order }) => order === 'spawn');
    if (starts.length === 0) return orders;
    const open = await this.sessions.port.openAmong(starts.map(({ sessionId }) => sessionId));
    const outdated = new Set(starts.filter(({ sessionId }) => !open.has(sessionId)));
    for (const { cursor } of outdated) await this.inbox.done(runnerId, cursor);
    return orders.filter((order) => !outdated.has(order));
  }

  private async attach(socket: RunnerSocket, feeds: readonly { start(): Promise<void> }[]): Promise<void> {
    const before = await this.presence.attach(socket.data.runnerId, socket.id);
    // An older connection of the same runner: its machine slept, or its data folder was copied.
    if (before) this.namespace.in(before.socketId).disconnectSockets(true);
    await Promise.all(feeds.map((feed) => feed.start()));
  }

  private async admit(socket: RunnerSocket): Promise<void> {
    const hello = await this.admitRunner.run(socket.handshake.auth, this.authenticate.runnerOf(socket));
    socket.data.runnerId = hello.runnerId;
  }
}
