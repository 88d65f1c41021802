import type { WebSocket } from 'ws';

/** A beat so late tells that this process was stopped, not that the other one is silent. */
const LATE = 1.5;

/** Ends a connection whose other end went away without a word: a ping, and no sign of life until the next one is due. */
export class Heartbeat {
  private isAlive = true;
  private lastBeatAt = performance.now();

  constructor(
    private readonly socket: WebSocket,
    private readonly onDead: () => void,
    private readonly intervalMs: number,
  ) {
    for (const sign of ['message', 'ping', 'pong'] as const) socket.on(sign, () => (this.isAlive = true));
    const timer = setInterval(() => this.beat(), intervalMs);
    socket.once('close', () => clearInterval(timer));
  }

  private beat(): void {
    const sinceLast = performance.now() - this.lastBeatAt;
    this.lastBeatAt += sinceLast;
    // While this end doesn't read it can't hear the answer.
    const couldHear = sinceLast < LATE * this.intervalMs && !this.socket.isPaused;
    if (!this.isAlive && couldHear) return this.onDead();
    this.isAlive = false;
    this.socket.ping();
  }
}
