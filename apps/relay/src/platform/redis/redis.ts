import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { Redis as IoRedis, type RedisOptions } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import type { RedisAddress } from './redis-address.js';

/**
 * Connections to Redis by what they are for. Commands share one connection, which pipelines them in order; whoever
 * blocks or subscribes gets a connection of its own.
 */
@Injectable()
export class Redis implements OnApplicationShutdown {
  /** For every command that does not block. Commands issued in one order are executed in that order. */
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

  /** Connection settings, for libraries that make their own connections (BullMQ). */
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
 * What is asked in one turn of the event loop leaves in one write: a system call for each would cost more than all the rest of asking. Only while
 * Redis has nothing to answer a command leaves at once, so that it works meanwhile.
 */
function writingOncePerTurn(connection: IoRedis): IoRedis {
  const sendCommand = connection.sendCommand.bind(connection);
  let isHeld = false;
  connection.sendCommand = (command, pipeline) => {
    // While it is away there is no socket, and commands wait anyway.
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
