import { Injectable } from '@nestjs/common';
import { type DomainEvent, Namespace } from '@pizzapi/protocol';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { SessionViewers } from '../../sessions/index.js';

/** Tells a session's viewers that its tunnels changed. They learn about panels by `service_announce`. */
@ReadsEvents({ group: 'tunnels-viewers', events: ['tunnels.changed'] })
@Injectable()
export class TellViewers implements EventReader {
  constructor(
    private readonly sockets: SocketServer,
    private readonly viewers: SessionViewers,
  ) {}

  handle(events: DomainEvent[]): Promise<void> {
    const sessionIds = new Set<string>();
    for (const event of events) {
      if (event.type === 'tunnels.changed' && event.data.sessionId !== undefined) sessionIds.add(event.data.sessionId);
    }
    const namespace = this.sockets.of(Namespace.viewer);
    for (const sessionId of sessionIds)
      this.viewers.tell(namespace, sessionId, 'session:tunnels-changed', { sessionId });
    return Promise.resolve();
  }
}
