import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { Redis as IoRedis, type RedisOptions } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import type { RedisAddress } from './redis-address.js';

/**
 * The relay's connections to Redis. Commands share one, which pipelines them in order; whoever blocks or subscribes gets a connection of their own.
 */
@Injectable()
export class Redis implements OnApplicationShutdown {
  /** For every command that does not block. Commands are executed in the order in which they are issued. */
  readonly commands: IoRedis;
  private readonly all: IoRedis[] = [];

  constructor(
    private readonly address: RedisAddress,
    private readonly logger: PinoLogger,
  ) {
    this.commands = writingOncePerTurn(this.connect('commands'));
  }

  /** A connection of its own, for blocking reads or subscriptions. Closed with the relay. */
  connect(purpose: string, options: RedisOptions = {}): IoRedis {
    const connection = new IoRedis({ ...this.options(), connectionName: `pizzapi-${purpose}`, ...options });
    // ioredis reconnects by itself; without a listener the error would end the process.
    connection.on('error', (error: Error) =>
      this.logger.warn({ purpose, reason: error.message }, 'Redis connection failed; retrying'),
    );
    this.all.push(connection);
    return connection;
  }

  /** Connection settings, for libraries that open connections themselves. */
  options(): RedisOptions {
    return {
      ...this.address.options,
      maxRetriesPerRequest: null,
      enableOfflineQueue: true,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000) * (0.5 + Math.random() / 2),
    };
  }

  async ping(): Promise<void> {
    await this.commands.ping();
  }

  onApplicationShutdown(): void {
    for (const connection of this.all) connection.disconnect();
  }
}

/**
 * Sends the commands of one turn of the event loop in one write, because a system call for each would cost more than everything else about
 * them. While Redis is idle, a command is sent at once, so that Redis works on it in the meantime.
 */
function writingOncePerTurn(connection: IoRedis): IoRedis {
  const sendCommand = connection.sendCommand.bind(connection);
  let isHeld = false;
  connection.sendCommand = (command, pipeline) => {
    // Without a connection there is no socket, and commands wait anyway.
    if (!isHeld && connection.status === 'ready' && connection.commandQueue.length > 0) {
      const socket = connection.stream;
      isHeld = true;
      socket.cork();
      setImmediate(() => {
        isHeld = false;
        socket.uncork();
      });
    }
    return sendCommand(command, pipeline);
  };
  return connection;
}
