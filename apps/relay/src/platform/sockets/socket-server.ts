import { Injectable } from '@nestjs/common';
import type { Namespace, Server } from 'socket.io';

/** The relay's one Socket.IO server, for what has to reach a namespace that another module's gateway serves. */
@Injectable()
export class SocketServer {
  private server: Server | null = null;

  /** Called once, by the socket adapter. */
  attach(server: Server): void {
    this.server = server;
  }

  of(namespace: string): Namespace {
    if (!this.server) throw new Error('The socket server was asked for before it was made.');
    return this.server.of(namespace);
  }
}

export type { Namespace, Socket } from 'socket.io';
