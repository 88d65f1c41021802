import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { TunnelSocket } from '@pizzapi/tunnel';
import { PinoLogger } from 'nestjs-pino';
import { type Entrance, FrontDoor } from '../../../platform/http/door/front-door.js';
import { answerProblem } from '../../../platform/http/door/raw-answers.js';
import { ProblemError, unauthenticated, unavailable } from '../../../platform/http/problem.error.js';
import { AuthenticateSocket } from '../../auth/index.js';
import { AdmitTunnel } from '../../runners/index.js';
import { HopTokens } from './hop-tokens.js';
import { REPLICA_REFUSED, ReplicaHops } from './replica-hops.js';
import { RunnerLinks } from './runner-links.js';

const ADDRESS = /^\/_tunnel(\?|$)/;

/** `/_tunnel`, to which runners connect with their key, and other replicas with a token. */
@Injectable()
export class TunnelEntrance implements Entrance {
  /** Connections of runners and replicas. */
  readonly connections = new Set<Duplex>();
  private isStopping = false;

  constructor(
    private readonly authenticate: AuthenticateSocket,
    private readonly admit: AdmitTunnel,
    private readonly links: RunnerLinks,
    private readonly hops: ReplicaHops,
    private readonly tokens: HopTokens,
    private readonly logger: PinoLogger,
    door: FrontDoor,
  ) {
    door.add('path', this);
  }

  /** Admits no new connections from now on. */
  close(): void {
    this.isStopping = true;
  }

  takes({ url = '' }: IncomingMessage): boolean {
    return ADDRESS.test(url);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    answerProblem(
      request,
      response,
      { status: 426, code: ProblemCode.invalidRequest, detail: 'Runners connect here by WebSocket.' },
      { upgrade: 'websocket' },
    );
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (this.isStopping) throw unavailable(ProblemCode.unavailable, 'This relay is about to stop; dial again.', 1);
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.takeReplica(authorization, request, socket, head);
    if (request.headers['x-api-key'] === undefined)
      throw unauthenticated("Send the runner's key in the header x-api-key.");
    const caller = await this.authenticate.authenticate(request);
    const runnerId = String(request.headers['x-pizzapi-runner'] ?? '');
    await this.admit.run(runnerId, caller);
    await this.links.attach(runnerId, caller, await this.accept(request, socket, head));
  }

  private async takeReplica(
    authorization: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const replicaId = await this.tokens.verify(authorization.replace(/^Bearer /, ''));
    if (replicaId === null) {
      this.logger.error(
        { code: REPLICA_REFUSED, remoteAddress: request.socket.remoteAddress },
        'Refused a connection of another replica: its PIZZAPI_SECRET_KEY is not the one of this; give all replicas the same',
      );
      throw new ProblemError(
        401,
        ProblemCode.unauthenticated,
        'This token was not signed with the secret of this relay.',
      );
    }
    this.hops.accept(replicaId, await this.accept(request, socket, head));
  }

  private accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<TunnelSocket> {
    this.connections.add(socket);
    socket.once('close', () => this.connections.delete(socket));
    return TunnelSocket.accept(request, socket, head);
  }
}
