import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { Presence } from '../../../platform/sockets/presence.js';

const EVERYWHERE = ['0.0.0.0', '::'];

/** Publishes the address of this replica to the others. */
@Injectable()
export class AnnounceAddress implements OnApplicationBootstrap {
  constructor(
    private readonly presence: Presence,
    private readonly config: RelayConfig,
    private readonly host: HttpAdapterHost<AbstractHttpAdapter<Server>>,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer();
    server.once('listening', () => {
      this.presence
        .listenAt(this.config.replicaUrl ?? addressOf(server))
        .catch((error: unknown) =>
          this.logger.warn({ err: error }, 'Could not tell the other replicas where this one is; retrying'),
        );
    });
  }
}

function addressOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server listens on no port.');
  if (EVERYWHERE.includes(bound.address)) return `http://${hostname()}:${bound.port}`;
  return bound.family === 'IPv6' ? `http://[${bound.address}]:${bound.port}` : `http://${bound.address}:${bound.port}`;
}
