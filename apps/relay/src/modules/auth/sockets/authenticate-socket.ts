import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Socket } from '../../../platform/sockets/socket-server.js';
import { socketRefusal } from '../../../platform/sockets/socket-refusal.js';
import { VerifyApiKey } from '../api-keys/verify-api-key.js';
import { type AnyCaller, type Caller, type CallerKind, credentialRoom, requireKind } from '../caller.js';
import { whenExpired } from '../credentials/when-expired.js';
import { LoginSession } from '../login/login-session.js';
import { invalidKey, noCredential } from '../refusals.js';

/** For the namespaces of people. */
const PEOPLE = ['person'] as const;
/** For daemons: a runner's own key, or a person's. */
const RUNNERS = ['person', 'runner'] as const;

type Middleware = (socket: Socket, next: (error?: Error) => void) => void;

/**
 * Authenticates sockets by `x-api-key` or the cookie in their handshake, and closes them when that credential is revoked or logged out
 * (through the credential's room) or expires (by a timer). Refusals carry `data: {code, detail}`.
 */
@Injectable()
export class AuthenticateSocket {
  private readonly callers = new WeakMap<Socket, AnyCaller>();
  private readonly watched = new Set<Namespace>();

  constructor(
    private readonly verifyApiKey: VerifyApiKey,
    private readonly login: LoginSession,
    private readonly logger: PinoLogger,
  ) {}

  /** For the namespaces of people. */
  browser(): Middleware {
    return this.middleware(PEOPLE);
  }

  /** For daemons: a runner's own key, or a person's. */
  runner(): Middleware {
    return this.middleware(RUNNERS);
  }

  /** The caller of a socket that {@link browser} admitted. */
  callerOf(socket: Socket): Caller {
    const caller = this.credentialOf(socket);
    requireKind(caller, PEOPLE);
    return caller;
  }

  /**
   * Which runner a socket that {@link runner} admitted may be: with a person's credential, any of theirs (`runnerId` null); with a runner's
   * own key, only that one, which has no owner until there is a first account.
   */
  runnerOf(socket: Socket): { runnerId: string | null; ownerId: string | null; organisationId: string | null } {
    const caller = this.credentialOf(socket);
    requireKind(caller, RUNNERS);
    if (caller.kind === 'runner')
      return { runnerId: caller.runnerId, ownerId: caller.ownerId, organisationId: caller.organisationId };
    return { runnerId: null, ownerId: caller.userId, organisationId: caller.organisationId };
  }

  /** @throws ProblemError `unauthenticated` */
  async authenticate(request: IncomingMessage): Promise<AnyCaller> {
    const key = request.headers['x-api-key'];
    const caller =
      typeof key === 'string' ? await this.verifyApiKey.run(key) : await this.login.callerOfHandshake(request);
    if (caller) return caller;
    throw key === undefined ? noCredential() : invalidKey();
  }

  /** Closes this replica's sockets whose credential has ended without a message about it. */
  checkAll(): void {
    for (const namespace of this.watched) for (const socket of namespace.sockets.values()) this.askAgain(socket);
  }

  private credentialOf(socket: Socket): AnyCaller {
    const caller = this.callers.get(socket);
    if (!caller) throw new Error('A socket was used before it was authenticated.');
    return caller;
  }

  private middleware(kinds: readonly CallerKind[]): Middleware {
    return (socket, next) => {
      this.admit(socket, kinds).then(
        () => next(),
        (error: unknown) => next(socketRefusal(error)),
      );
    };
  }

  private async admit(socket: Socket, kinds: readonly CallerKind[]): Promise<void> {
    const caller = await this.authenticate(socket.request);
    requireKind(caller, kinds);
    this.callers.set(socket, caller);
    this.watch(socket.nsp);
    await socket.join(credentialRoom(caller.credential));
    socket.on(
      'disconnect',
      whenExpired(caller.credential.expiresAt, () => socket.disconnect(true)),
    );
  }

  /** Checks the credential again once a socket is connected, because `disconnectSockets` does not reach sockets that are connecting. */
  private watch(namespace: Namespace): void {
    if (this.watched.has(namespace)) return;
    this.watched.add(namespace);
    namespace.on('connection', (socket) => this.askAgain(socket));
  }

  private askAgain(socket: Socket): void {
    this.authenticate(socket.request).catch((error: unknown) => {
      this.logger.info({ reason: String(error) }, 'Closed a socket whose credential has ended');
      socket.disconnect(true);
    });
  }
}
