import { Injectable } from '@nestjs/common';
import { ProblemCode, type RelayToViewer } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import type { Namespace, Socket } from 'socket.io';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Replica } from '../../platform/observability/replica.js';
import { presenceKeys } from '../../platform/redis/keys.js';
import { parseJson } from '../../platform/redis/parse-json.js';
import { Redis } from '../../platform/redis/redis.js';
import { Presence } from '../../platform/sockets/presence.js';
import type { Caller } from '../auth/index.js';

export interface SessionViewer {
  userId: string;
  name: string;
}

const storedViewer = Compile(Type.Object({ userId: Type.String(), name: Type.String(), replicaId: Type.String() }));
/** How long entries are kept after the last viewer has joined: a killed replica leaves some behind. */
const FORGET_AFTER_S = 24 * 3_600;

/** Records who is watching a session, across all replicas. */
@Injectable()
export class SessionViewers {
  constructor(
    private readonly redis: Redis,
    private readonly replica: Replica,
    private readonly presence: Presence,
    private readonly logger: PinoLogger,
  ) {}

  async joined(namespace: Namespace, socket: Socket, sessionId: string, caller: Caller): Promise<void> {
    const key = presenceKeys.viewers(sessionId);
    const viewer = JSON.stringify({ userId: caller.userId, name: caller.name, replicaId: this.replica.id });
    await this.redis.commands.hset(key, socket.id, viewer);
    await this.redis.commands.expire(key, FORGET_AFTER_S);
    await socket.join(watchRoom(sessionId));
    await this.announce(namespace, sessionId);
  }

  async left(namespace: Namespace, socket: Socket, sessionId: string): Promise<void> {
    await socket.leave(watchRoom(sessionId));
    await this.redis.commands.hdel(presenceKeys.viewers(sessionId), socket.id);
    await this.announce(namespace, sessionId);
  }

  /** Tells everybody who watches the session, on every replica, that it was deleted. */
  dismiss(namespace: Namespace, sessionId: string): void {
    const problem = { code: ProblemCode.notFound, detail: 'This session was deleted.' };
    namespace.to(watchRoom(sessionId)).emit('session:detached', { sessionId, ...problem });
    namespace.in(watchRoom(sessionId)).socketsLeave(watchRoom(sessionId));
  }

  /** Sends a message to everybody who watches a session, on every replica. */
  tell<M extends keyof RelayToViewer>(
    namespace: Namespace,
    sessionId: string,
    message: M,
    ...data: Parameters<RelayToViewer[M]>
  ): void {
    namespace.to(watchRoom(sessionId)).emit(message, ...data);
  }

  /** Each person once, however many tabs they have open. */
  async of(sessionId: string): Promise<SessionViewer[]> {
    const stored = Object.values(await this.redis.commands.hgetall(presenceKeys.viewers(sessionId)));
    const found = stored.flatMap((json) => {
      const viewer = parseJson(json);
      if (storedViewer.Check(viewer)) return [viewer];
      this.logger.error({ sessionId }, 'Redis holds a viewer that cannot be read; it is left out');
      return [];
    });
    const living = await this.presence.living(new Set(found.map(({ replicaId }) => replicaId)));
    const present = found.filter(({ replicaId }) => living.has(replicaId));
    return [...new Map(present.map(({ userId, name }) => [userId, { userId, name }])).values()];
  }

  private async announce(namespace: Namespace, sessionId: string): Promise<void> {
    namespace.to(watchRoom(sessionId)).emit('session:viewers', { sessionId, viewers: await this.of(sessionId) });
  }
}

function watchRoom(sessionId: string): string {
  return `watch:${sessionId}`;
}
