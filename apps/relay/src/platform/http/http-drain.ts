import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** Requests in hand get this long to finish once the relay stops. */
const GRACE_MS = 1_500;

/**
 * Ends connections that would hold up the stop: keep-alive requests that do not end, and WebSockets whose other end no longer
 * answers the closing handshake.
 */
@Injectable()
export class HttpDrain implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Set<Socket>();

  constructor(private readonly host: HttpAdapterHost<AbstractHttpAdapter<Server>>) {}

  onApplicationBootstrap(): void {
    this.host.httpAdapter.getHttpServer().on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  /** Right after this, Nest closes the sockets and the server. */
  beforeApplicationShutdown(): void {
    setTimeout(() => {
      for (const socket of this.open) socket.destroy();
    }, GRACE_MS).unref();
  }
}
