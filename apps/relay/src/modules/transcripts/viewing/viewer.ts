import type { RelayToViewer, ViewerToRelay } from '@pizzapi/protocol';
import type { Socket } from 'socket.io';
import { SocketBacklog } from './socket-backlog.js';

export type ViewerSocket = Socket<ViewerToRelay, RelayToViewer>;

/** Waiting packets or bytes above which a viewer counts as slow. */
const SLOW_PACKETS = 128;
const SLOW_BYTES = 2 * 1024 * 1024;

/** One browser's attachment to one session. */
export class Viewer {
  private isOpen = true;
  private readonly goodbyes: (() => void)[] = [];
  private readonly backlog: SocketBacklog;

  constructor(
    readonly socket: ViewerSocket,
    readonly sessionId: string,
  ) {
    this.backlog = SocketBacklog.of(socket.conn);
  }

  get isAttached(): boolean {
    return this.isOpen && this.socket.connected;
  }

  detach(): void {
    this.isOpen = false;
    for (const goodbye of this.goodbyes.splice(0)) goodbye();
  }

  /** Runs `goodbye` once when the viewer detaches; immediately if it has detached already. */
  whenDetached(goodbye: () => void): void {
    if (this.isOpen) this.goodbyes.push(goodbye);
    else goodbye();
  }

  /** Whether its network does not keep up. It then leaves the live room and catches up from the log, so that no queue grows here. */
  get isSlow(): boolean {
    return this.backlog.packets > SLOW_PACKETS || this.backlog.bytes > SLOW_BYTES;
  }

  /** Resolves when everything sent has left this process, or the socket is closed. */
  async untilWritten(): Promise<void> {
    await this.backlog.untilEmpty();
  }
}
