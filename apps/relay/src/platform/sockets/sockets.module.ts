import { Global, Module } from '@nestjs/common';
import { Ask } from './ask.js';
import { Presence } from './presence.js';
import { SocketGuard } from './socket-guard.js';
import { SocketServer } from './socket-server.js';

/** What gateways share: the server, who is attached where, and asking a client across replicas. */
@Global()
@Module({
  providers: [SocketServer, SocketGuard, Presence, Ask],
  exports: [SocketServer, SocketGuard, Presence, Ask],
})
export class SocketsModule {}
