import { Injectable } from '@nestjs/common';
import { type DomainEvent, Namespace } from '@pizzapi/protocol';
import { SocketServer } from '../../../platform/sockets/socket-server.js';
import { type EventReader, ReadsEvents } from '../../../platform/streams/event-reader.js';
import { SessionViewers } from '../../sessions/index.js';

/** Tells a session's viewers that it was deleted. */
@ReadsEvents({ group: 'viewers', events: ['session.deleted'] })
@Injectable()
export class DismissViewers implements EventReader {
  constructor(
    private readonly sockets: SocketServer,
    private readonly viewers: SessionViewers,
  ) {}

  handle(events: DomainEvent[]): Promise<void> {
    for (const event of events) {
      if (event.type === 'session.deleted')
        this.viewers.dismiss(this.sockets.of(Namespace.viewer), event.data.sessionId);
    }
    return Promise.resolve();
  }
}
