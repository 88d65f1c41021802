import type { Http2Session } from 'node:http2';
import type { TunnelSocket } from './tunnel-socket.js';

/** A beat that comes after this many intervals means that this process was held up, not that the other end is silent. */
const LATE = 1.5;

/** Ends a connection whose other end went away without a word: a ping, and no sign of life until the next one is due. */
export class Heartbeat {
  private lastBeatAt = performance.now();
  private bytesRead: number | null = null;

  constructor(
    private readonly session: Http2Session,
    private readonly socket: TunnelSocket,
  ) {
    const timer = setInterval(() => this.beat(), socket.pingIntervalMs);
    void socket.closed.then(() => clearInterval(timer));
  }

  private beat(): void {
    const sinceLast = performance.now() - this.lastBeatAt;
    this.lastBeatAt += sinceLast;
    const isSilent = this.bytesRead === this.socket.bytesRead;
    // While this end doesn't read it can't hear the answer.
    const couldHear = sinceLast < LATE * this.socket.pingIntervalMs && this.socket.reads;
    if (isSilent && couldHear) return this.socket.terminate('the other end has fallen silent');
    this.bytesRead = this.socket.bytesRead;
    // Any answer counts as bytes.
    if (!this.session.destroyed) this.session.ping(() => undefined);
  }
}
