import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { Namespace as NamespaceName, ViewerAttach, ViewerDetach } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace } from 'socket.io';
import { bindMessage } from '../../../platform/sockets/bind-message.js';
import { AuthenticateSocket } from '../../auth/index.js';
import { ServiceNews } from '../../services/index.js';
import { SessionAccess, SessionViewers } from '../../sessions/index.js';
import { SessionRooms } from './session-rooms.js';
import { Viewer, type ViewerSocket } from './viewer.js';

/** How many sessions a connection may watch at the same time. */
const MAX_ATTACHED = 32;

@WebSocketGateway({ namespace: NamespaceName.viewer })
export class ViewerGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<ViewerSocket> {
  private namespace!: Namespace;

  constructor(
    private readonly authenticate: AuthenticateSocket,
    private readonly access: SessionAccess,
    private readonly rooms: SessionRooms,
    private readonly viewers: SessionViewers,
    private readonly services: ServiceNews,
    private readonly logger: PinoLogger,
  ) {}

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    namespace.use(this.authenticate.browser());
  }

  handleConnection(socket: ViewerSocket): void {
    const caller = this.authenticate.callerOf(socket);
    const attached = new Map<string, Viewer>();
    // In order of arrival: a detach that overtook its attach would leave the viewer attached forever.
    let before: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
      const turn = before.then(act);
      before = turn.catch(() => undefined); // reported to the client
      return turn;
    };

    const attach = async ({ sessionId, afterSeq }: ViewerAttach): Promise<object> => {
      const { runnerId } = await this.access.require(sessionId, caller);
      await this.drop(attached, sessionId);
      for (const [oldest] of attached) if (attached.size >= MAX_ATTACHED) await this.drop(attached, oldest);
      if (!socket.connected) return {};
      const viewer = new Viewer(socket, sessionId);
      attached.set(sessionId, viewer);
      await this.rooms.attach(viewer, afterSeq, this.namespace);
      await this.tellServices(viewer, runnerId);
      await this.viewers.joined(this.namespace, socket, sessionId, caller);
      return {};
    };
    const detach = async (sessionId: string): Promise<object> => {
      await this.drop(attached, sessionId);
      return {};
    };
    bindMessage(socket, 'session:attach', ViewerAttach, this.logger, (message) => inTurn(() => attach(message)));
    bindMessage(socket, 'session:detach', ViewerDetach, this.logger, ({ sessionId }) =>
      inTurn(() => detach(sessionId)),
    );
    socket.on('disconnect', () => {
      void inTurn(() => Promise.all([...attached.keys()].map((sessionId) => this.drop(attached, sessionId))));
    });
  }

  private async tellServices(viewer: Viewer, runnerId: string): Promise<void> {
    const { socket, sessionId } = viewer;
    const leave = await this.services.watch(runnerId, (offer) =>
      socket.emit('service_announce', { sessionId, runnerId, ...offer }),
    );
    viewer.whenDetached(leave);
  }

  private async drop(attached: Map<string, Viewer>, sessionId: string): Promise<void> {
    const viewer = attached.get(sessionId);
    if (!viewer) return;
    attached.delete(sessionId);
    this.rooms.detach(viewer);
    try {
      await this.viewers.left(this.namespace, viewer.socket, sessionId);
    } catch (error) {
      this.logger.warn({ err: error, sessionId }, 'Could not tell the others that a viewer left');
    }
  }
}
