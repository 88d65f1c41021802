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
    /** `loginId` identifies the login in rooms, events and logs, where the cookie's secret id must not appear. */
    login?: { userId: string; loginId: string };
  }
}

/** Paths that begin or end a login, even if the request has a key. */
const BEGINS_OR_ENDS = /^\/api\/(auth|register)\b/;
/** From the last use on. */
const LIFETIME_MS = 30 * 24 * 3_600_000;

/** Logins of browsers: a random id in an HttpOnly cookie, and its session in Redis. Nothing is stored before a login. */
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
      // Otherwise no Secure cookie would be set, because TLS ends at a proxy in front of the relay.
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
      // A key decides regardless of cookies, so sessions would be created in vain for every request of a script.
      const isByKey = request.headers['x-api-key'] !== undefined && !BEGINS_OR_ENDS.test(request.originalUrl);
      if (isByKey) return void next();
      // The public address decides, whatever proxies say. A browser that connects without TLS ignores a Secure cookie.
      if (isByTls) request.headers['x-forwarded-proto'] = 'https';
      cookies(request, response, next);
    };
  }

  /** Begins a login with a new session id, which prevents session fixation. */
  async start(request: Request, userId: string): Promise<void> {
    await asPromise((done) => request.session.regenerate(done));
    request.session.login = { userId, loginId: v7() };
    await asPromise((done) => request.session.save(done));
  }

  /** @returns the login that ended, or null if there was none */
  async end(request: Request): Promise<{ loginId: string } | null> {
    const { login } = request.session;
    if (login) await this.redis.commands.set(httpKeys.endedLogin(login.loginId), '1', 'PX', LIFETIME_MS);
    await asPromise((done) => request.session.destroy(done));
    return login ? { loginId: login.loginId } : null;
  }

  /** For connections that were opened with a login and only know its `loginId`. */
  async hasEnded(loginId: string): Promise<boolean> {
    return (await this.redis.commands.exists(httpKeys.endedLogin(loginId))) === 1;
  }

  /** @returns null without a login, or if its user was deleted */
  async callerOf(data: Pick<SessionData, 'login' | 'cookie'>): Promise<Caller | null> {
    if (!data.login) return null;
    const { userId, loginId } = data.login;
    // A session read from Redis has the time as a string.
    const expiresAt = data.cookie.expires ? new Date(data.cookie.expires) : null;
    return this.callers.find(userId, { kind: 'login', loginId, expiresAt });
  }

  /** As {@link callerOf}, for the handshake of a socket, which the middleware does not see. */
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
