import type { ViewerPort } from './session-feed';
import type { RelayConnection } from './relay-connection';

const ANSWER_MS = 10_000;

/** The /viewer socket as a feed's port. */
export function viewerPort(connection: RelayConnection): ViewerPort {
  const socket = connection.viewer;
  return {
    get connected() {
      return socket.connected;
    },
    on: socket.on.bind(socket),
    off: socket.off.bind(socket),
    attach: (message) => socket.timeout(ANSWER_MS).emitWithAck('session:attach', message),
    detach: (sessionId) => {
      // Nothing follows from the answer; a relay that did not hear it drops us with the connection.
      socket.emit('session:detach', { sessionId }, () => undefined);
    },
    dropped: () => connection.countDropped(),
  };
}
