import type { WebSocket } from 'ws';

/** Ends a connection whose other end went away without a word: no sign of life in two beats. */
export class Heartbeat {
  private isAlive = true;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly onDead: () => void,
    intervalMs: number,
  ) {
    for (const sign of ['message', 'ping', 'pong'] as const) socket.on(sign, () => (this.isAlive = true));
    this.timer = setInterval(() => this.beat(), intervalMs);
    socket.once('close', () => clearInterval(this.timer));
  }

  private beat(): void {
    // While this end doesn't read it can't hear the answer.
    if (!this.isAlive && !this.socket.isPaused) return this.onDead();
    this.isAlive = false;
    this.socket.ping();
  }
}
