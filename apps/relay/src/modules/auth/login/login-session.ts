import { type IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { v7 } from 'uuid';
import { RelayConfig } from '../../../config/config.js';
import { httpKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';
import { Callers } from '../accounts/callers.js';
import type { Caller } from '../caller.js';

declare module 'express-session' {
  interface SessionData {
    /** `loginId` names the login where the cookie's own id must not appear: rooms, events, logs. */
    login?: { userId: string; loginId: string };
  }
}

export const LOGIN_COOKIE = 'pizzapi.login';
/** Counted from the last use. */
const LIFETIME_MS = 30 * 24 * 3_600_000;

/** A browser's login: a random id in an HttpOnly cookie, what it stands for in Redis. Nothing is kept before a login. */
@Injectable()
export class LoginSession {
  /** Reads the cookie of an HTTP request. */
  readonly middleware: RequestHandler;

  constructor(
    private readonly callers: Callers,
    redis: Redis,
    secrets: SecretKeys,
    config: RelayConfig,
  ) {
    this.middleware = session({
      name: LOGIN_COOKIE,
      secret: secrets.all('login').map((key) => key.toString('base64')),
      store: new RedisStore({ client: redis.commands, prefix: httpKeys.login }),
      resave: false,
      saveUninitialized: false,
      rolling: true,
      // Only decides whether a Secure cookie is sent behind a proxy that ends TLS; who forges it harms himself.
      proxy: true,
      cookie: {
        httpOnly: true,
        sameSite: 'lax',
        secure: config.publicUrl.startsWith('https:'),
        path: '/',
        maxAge: LIFETIME_MS,
      },
    });
  }

  /** Begins a login under a new id, so that a planted one is worth nothing. */
  async start(request: Request, userId: string): Promise<void> {
    await asPromise((done) => request.session.regenerate(done));
    request.session.login = { userId, loginId: v7() };
    await asPromise((done) => request.session.save(done));
  }

  /** @returns the login that ended, or null when there was none */
  async end(request: Request): Promise<{ loginId: string } | null> {
    const { login } = request.session;
    await asPromise((done) => request.session.destroy(done));
    return login ? { loginId: login.loginId } : null;
  }

  /** Null without a login, or when its user is gone. */
  async callerOf(request: Pick<Request, 'session'>): Promise<Caller | null> {
    const { login, cookie } = request.session;
    if (!login) return null;
    return this.callers.find(login.userId, { kind: 'login', loginId: login.loginId, expiresAt: cookie.expires ?? null });
  }

  /** The same for the handshake of a socket, which no middleware has seen. */
  async callerOfHandshake(request: IncomingMessage): Promise<Caller | null> {
    if (request.headers.cookie === undefined) return null;
    // Shadows, so that nothing sticks to the handshake: it is asked again later.
    const seen: Request = Object.create(request);
    const unused: Response = Object.create(new ServerResponse(request));
    await asPromise((done) => void this.middleware(seen, unused, done));
    return this.callerOf(seen);
  }
}

function asPromise(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve()));
  });
}
