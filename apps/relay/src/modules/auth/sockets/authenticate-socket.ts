import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { forbidden, unauthenticated } from '../../../platform/http/problem.error.js';
import type { Namespace, Socket } from '../../../platform/sockets/socket-server.js';
import { socketRefusal } from '../../../platform/sockets/socket-refusal.js';
import { VerifyApiKey } from '../api-keys/verify-api-key.js';
import { type Caller, credentialRoom, isRunnerCaller, type RunnerCaller } from '../caller.js';
import { LoginSession } from '../login/login-session.js';

type Middleware = (socket: Socket, next: (error?: Error) => void) => void;

/** A longer timer would overflow and fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Lets sockets in by `x-api-key` or the cookie of their handshake, and closes them when that stops to be good: revoked, logged out
 * (by the room of the credential) or expired (by a timer). Refusals carry `data: {code, detail}`.
 */
@Injectable()
export class AuthenticateSocket {
  private readonly callers = new WeakMap<Socket, Caller | RunnerCaller>();
  private readonly watched = new WeakSet<Namespace>();

  constructor(
    private readonly verifyApiKey: VerifyApiKey,
    private readonly login: LoginSession,
    private readonly logger: PinoLogger,
  ) {}

  /** For the namespaces of people. */
  browser(): Middleware {
    return this.middleware((caller) => {
      if (isRunnerCaller(caller))
        throw forbidden("A runner's key opens its own connection only; use an API key of your account.");
    });
  }

  /** For daemons: a runner's own key, or a person's. */
  runner(): Middleware {
    return this.middleware(() => undefined);
  }

  /** Who holds a socket that {@link browser} let in. */
  callerOf(socket: Socket): Caller {
    const caller = this.credentialOf(socket);
    if (isRunnerCaller(caller)) throw new Error("A runner's socket was asked for a person.");
    return caller;
  }

  /**
   * Whose runner a socket that {@link runner} let in may be: of a person, any of theirs (`runnerId` null); of a runner's own key, that
   * one alone, without an owner until the first account adopts it.
   */
  runnerOf(socket: Socket): { runnerId: string | null; ownerId: string | null; organisationId: string | null } {
    const caller = this.credentialOf(socket);
    if (isRunnerCaller(caller))
      return { runnerId: caller.runnerId, ownerId: caller.ownerId, organisationId: caller.organisationId };
    return { runnerId: null, ownerId: caller.userId, organisationId: caller.organisationId };
  }

  /** @throws ProblemError `unauthenticated` */
  async authenticate(request: IncomingMessage): Promise<Caller | RunnerCaller> {
    const key = request.headers['x-api-key'];
    const caller =
      typeof key === 'string' ? await this.verifyApiKey.run(key) : await this.login.callerOfHandshake(request);
    if (caller) return caller;
    throw unauthenticated(
      key === undefined
        ? 'Log in, or send an API key in the header x-api-key.'
        : 'This API key is unknown, expired or revoked; make a new one in the settings.',
    );
  }

  private credentialOf(socket: Socket): Caller | RunnerCaller {
    const caller = this.callers.get(socket);
    if (!caller) throw new Error('A socket was used before it was authenticated.');
    return caller;
  }

  private middleware(check: (caller: Caller | RunnerCaller) => void): Middleware {
    return (socket, next) => {
      this.admit(socket, check).then(
        () => next(),
        (error: unknown) => next(socketRefusal(error)),
      );
    };
  }

  private async admit(socket: Socket, check: (caller: Caller | RunnerCaller) => void): Promise<void> {
    const caller = await this.authenticate(socket.request);
    check(caller);
    this.callers.set(socket, caller);
    this.watch(socket.nsp);
    await socket.join(credentialRoom(caller.credential));
    closeWhenExpired(socket, caller.credential.expiresAt);
  }

  /** A socket that is still connecting escapes `disconnectSockets`, so its credential is asked for once more when it is connected. */
  private watch(namespace: Namespace): void {
    if (this.watched.has(namespace)) return;
    this.watched.add(namespace);
    namespace.on('connection', (socket) => {
      this.authenticate(socket.request).catch((error: unknown) => {
        this.logger.info({ reason: String(error) }, 'A credential ended while its socket connected');
        socket.disconnect(true);
      });
    });
  }
}

function closeWhenExpired(socket: Socket, expiresAt: Date | null): void {
  if (!expiresAt) return;
  const remainingMs = expiresAt.getTime() - Date.now();
  const timer = setTimeout(
    () => (remainingMs > MAX_TIMER_MS ? closeWhenExpired(socket, expiresAt) : socket.disconnect(true)),
    Math.min(remainingMs, MAX_TIMER_MS),
  );
  socket.on('disconnect', () => clearTimeout(timer));
}
