import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** Requests in hand get this long to finish once the relay stops. */
const GRACE_MS = 1_500;

/**
 * Ends connections that would hold up the stop: keep-alive requests that do not end, and WebSockets whose other end no longer
 * answers the closing handshake.
 */
@Injectable()
export class HttpDrain implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly open = new Set<Socket>();
  private readonly spared: (() => Iterable<Duplex>)[] = [];
  private stoppingSince = 0;

  constructor(private readonly host: HttpAdapterHost<AbstractHttpAdapter<Server>>) {}

  onApplicationBootstrap(): void {
    this.host.httpAdapter.getHttpServer().on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
  }

  /** Connections that have a grace of their own, until whoever names them is done with stopping (`beforeApplicationShutdown`). */
  spare(connections: () => Iterable<Duplex>): void {
    this.spared.push(connections);
  }

  /** The first that the stop does. */
  onModuleDestroy(): void {
    this.stoppingSince = performance.now();
    setTimeout(() => this.cut(), GRACE_MS).unref();
  }

  /** Right after this, Nest closes the sockets and the server. */
  beforeApplicationShutdown(): void {
    this.spared.length = 0;
    const leftMs = GRACE_MS - (performance.now() - this.stoppingSince);
    setTimeout(() => this.cut(), Math.max(0, leftMs)).unref();
  }

  private cut(): void {
    const spared = new Set<Duplex>(this.spared.flatMap((connections) => [...connections()]));
    for (const socket of this.open) if (!spared.has(socket)) socket.destroy();
  }
}
