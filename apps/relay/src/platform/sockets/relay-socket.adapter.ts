import { createServer, type IncomingMessage } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { MAX_SOCKET_MESSAGE_BYTES } from '@pizzapi/protocol';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis as IoRedis } from 'ioredis';
import { Server, type ServerOptions } from 'socket.io';
import { RelayConfig } from '../../config/config.js';
import { FrontDoor } from '../http/door/front-door.js';
import { isOwnOrigin } from '../http/origin.js';
import { RelayLogger } from '../observability/relay-logger.js';
import { streamKeys } from '../redis/keys.js';
import { Redis } from '../redis/redis.js';
import { SocketGuard } from './socket-guard.js';
import { SocketServer } from './socket-server.js';

/** The relay's Socket.IO server. It speaks WebSocket only, so that no sticky sessions are needed; the Redis Streams adapter connects the replicas. */
export class RelaySocketAdapter extends IoAdapter {
  constructor(private readonly app: INestApplication) {
    super(app);
  }

  override createIOServer(_port: number, options?: Partial<ServerOptions>): Server {
    const config = this.app.get(RelayConfig);
    const redis = withTendedCopies(this.app.get(Redis).connect('sockets'), this.app.get(RelayLogger));
    // Stands in for the relay's own server, to which Socket.IO would add listeners before ours. The front door passes on what is meant for Socket.IO.
    const entrance = createServer();
    const server = new Server(entrance, {
      ...options,
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      maxHttpBufferSize: MAX_SOCKET_MESSAGE_BYTES,
      pingInterval: 10_000,
      pingTimeout: 10_000,
      adapter: createAdapter(redis, {
        streamName: streamKeys.sockets,
        maxLen: 10_000,
        heartbeatInterval: 2_000,
        heartbeatTimeout: 6_000,
      }),
      allowRequest: (request: IncomingMessage, decide: (reason: string | null, isAllowed: boolean) => void) => {
        decide(null, isAllowedUpgrade(request, config));
      },
    });
    this.app.get(FrontDoor).add('path', {
      takes: ({ url }) => url?.startsWith(`${server.path()}/`) ?? false,
      request: (request, response) => void entrance.emit('request', request, response),
      upgrade: (request, socket, head) => void entrance.emit('upgrade', request, socket, head),
    });
    this.app.get(SocketGuard).watch(server);
    this.app.get(SocketServer).attach(server);
    return server;
  }
}

/** Browsers always send `Origin`. Programs, which bring a key or token instead of a cookie, may leave it out. */
function isAllowedUpgrade(request: IncomingMessage, config: RelayConfig): boolean {
  const { origin, cookie } = request.headers;
  if (origin === undefined) return cookie === undefined;
  return isOwnOrigin(origin, config);
}

/**
 * The adapter reads and subscribes on copies of the connection, and neglects them in two ways, which this makes up for. It ignores the
 * outcome of its subscriptions: stopping a relay right after its start rejects one, and the process would end with an uncaught error. And
 * it closes a copy only after Redis has answered once more: without Redis, the copies would try to reconnect for as long as the process
 * lives.
 */
function withTendedCopies(redis: IoRedis, logger: RelayLogger): IoRedis {
  const duplicate = redis.duplicate.bind(redis);
  redis.duplicate = (options) => {
    const copy = duplicate(options);
    redis.once('end', () => copy.disconnect());
    const sendCommand = copy.sendCommand.bind(copy);
    copy.sendCommand = (command, stream) => {
      if (command.name === 'subscribe')
        command.promise.catch((error: unknown) => logger.debug(`A subscription ended: ${String(error)}`));
      return sendCommand(command, stream);
    };
    return copy;
  };
  return redis;
}
