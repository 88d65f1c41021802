import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { RedisStore } from 'connect-redis';
import type { Request, RequestHandler } from 'express';
import session, { type SessionData, type Store } from 'express-session';
import { v7 } from 'uuid';
import { RelayConfig } from '../../../config/config.js';
import { httpKeys } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';
import { Callers } from '../accounts/callers.js';
import { asError } from '../as-error.js';
import type { Caller } from '../caller.js';
import { LOGIN_COOKIE, sessionIdOf } from './login-cookie.js';

declare module 'express-session' {
  interface SessionData {
    /** `loginId` names the login where the cookie's own id must not appear: rooms, events, logs. */
    login?: { userId: string; loginId: string };
  }
}

/** Where a login begins or ends, also with a key in the header. */
const BEGINS_OR_ENDS = /^\/api\/(auth|register)\b/;
/** Counted from the last use. */
const LIFETIME_MS = 30 * 24 * 3_600_000;

/** A browser's login: a random id in an HttpOnly cookie, what it stands for in Redis. Nothing is kept before a login. */
@Injectable()
export class LoginSession {
  /** Reads the cookie of an HTTP request. */
  readonly middleware: RequestHandler;
  private readonly store: Store;
  private readonly secrets: string[];

  constructor(
    private readonly callers: Callers,
    private readonly redis: Redis,
    secrets: SecretKeys,
    config: RelayConfig,
  ) {
    this.store = new RedisStore({ client: redis.commands, prefix: httpKeys.login });
    const isByTls = config.publicUrl.startsWith('https:');
    this.secrets = secrets.all('login').map((key) => key.toString('base64'));
    const cookies = session({
      name: LOGIN_COOKIE,
      secret: this.secrets,
      store: this.store,
      resave: false,
      saveUninitialized: false,
      rolling: true,
      // Else no Secure cookie would be sent: what comes here has left TLS at a proxy.
      proxy: true,
      cookie: {
        httpOnly: true,
        sameSite: 'lax',
        secure: isByTls,
        path: '/',
        maxAge: LIFETIME_MS,
      },
    });
    this.middleware = (request, response, next) => {
      // A key counts whatever cookie comes with it; a session would be made for nothing, for each call of a script.
      const isByKey = request.headers['x-api-key'] !== undefined && !BEGINS_OR_ENDS.test(request.originalUrl);
      if (isByKey) return void next();
      // The public address says so, whatever the proxies between say; a browser that came without TLS leaves the cookie.
      if (isByTls) request.headers['x-forwarded-proto'] = 'https';
      cookies(request, response, next);
    };
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
    if (login) await this.redis.commands.set(httpKeys.endedLogin(login.loginId), '1', 'PX', LIFETIME_MS);
    await asPromise((done) => request.session.destroy(done));
    return login ? { loginId: login.loginId } : null;
  }

  /** For what was entered with a login and knows only its name. */
  async hasEnded(loginId: string): Promise<boolean> {
    return (await this.redis.commands.exists(httpKeys.endedLogin(loginId))) === 1;
  }

  /** Null without a login, or when its user is gone. */
  async callerOf(data: Pick<SessionData, 'login' | 'cookie'>): Promise<Caller | null> {
    if (!data.login) return null;
    const { userId, loginId } = data.login;
    // As it comes from Redis the time is a text.
    const expiresAt = data.cookie.expires ? new Date(data.cookie.expires) : null;
    return this.callers.find(userId, { kind: 'login', loginId, expiresAt });
  }

  /** The same for the handshake of a socket, which no middleware has seen. */
  async callerOfHandshake(request: IncomingMessage): Promise<Caller | null> {
    const id = sessionIdOf(request.headers.cookie, this.secrets);
    const data = id === null ? null : await this.read(id);
    return data ? this.callerOf(data) : null;
  }

  private read(id: string): Promise<SessionData | null> {
    return new Promise((resolve, reject) => {
      this.store.get(id, (error: unknown, data) => (error ? reject(asError(error)) : resolve(data ?? null)));
    });
  }
}

function asPromise(start: (done: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(asError(error)) : resolve()));
  });
}
