import { isDeepStrictEqual } from 'node:util';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { Namespace, type RelayToAgent, type SigilDef } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Socket } from 'socket.io';
import { ServiceNews } from './service-news.js';

/** A worker's socket, admitted by the sessions' gateway on the same namespace for one session of one runner. */
type WorkerSocket = Socket<object, RelayToAgent, object, { runnerId: string }>;

/** Sends workers the sigils of their runner's services, on connecting and on every change. */
@WebSocketGateway({ namespace: Namespace.agent })
export class TellWorkersGateway implements OnGatewayConnection<WorkerSocket> {
  constructor(
    private readonly news: ServiceNews,
    private readonly logger: PinoLogger,
  ) {}

  handleConnection(socket: WorkerSocket): void {
    const { runnerId } = socket.data;
    let told: SigilDef[] | null = null;
    const watching = this.news.watch(runnerId, ({ sigilDefs }) => {
      if (isDeepStrictEqual(sigilDefs, told)) return; // a restarted service changes nothing
      told = sigilDefs;
      socket.emit('services:announced', { sigilDefs });
    });
    watching.catch((error: unknown) => {
      this.logger.warn({ err: error, runnerId }, "A worker is not told of its runner's services; it connects again");
      socket.disconnect(true);
    });
    socket.on('disconnect', () => {
      watching.then(
        (leave) => leave(),
        () => undefined, // logged above
      );
    });
  }
}
