import type { RelayToViewer, ViewerToRelay } from '@pizzapi/protocol';
import type { Socket } from 'socket.io';

export type ViewerSocket = Socket<ViewerToRelay, RelayToViewer>;

/** Packets that wait in a socket's buffer before its viewer counts as slow. */
const SLOW_PACKETS = 128;

/** One browser's attachment to one session. */
export class Viewer {
  private isOpen = true;

  constructor(
    readonly socket: ViewerSocket,
    readonly sessionId: string,
  ) {}

  get isAttached(): boolean {
    return this.isOpen && this.socket.connected;
  }

  detach(): void {
    this.isOpen = false;
  }

  /** Its network does not keep up: it leaves the live room and is caught up from the log, so that no queue grows here. */
  get isSlow(): boolean {
    return this.socket.conn.writeBuffer.length > SLOW_PACKETS;
  }

  /** Resolves when what was sent has left this process, or the socket is gone. */
  async untilWritten(): Promise<void> {
    const { conn } = this.socket;
    while (this.isAttached && conn.writeBuffer.length > 0) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          conn.off('drain', done);
          conn.off('close', done);
          resolve();
        };
        conn.on('drain', done);
        conn.on('close', done);
      });
    }
  }
}
