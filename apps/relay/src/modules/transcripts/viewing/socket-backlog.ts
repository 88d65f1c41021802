import type { Socket } from 'socket.io';

type Connection = Socket['conn'];

const backlogs = new WeakMap<Connection, SocketBacklog>();

/** Counts the packets and bytes that wait in this process because the connection is slow. */
export class SocketBacklog {
  private waiting = 0;
  private waitingBytes = 0;

  /** The backlog of a connection, which all its namespaces and sessions share. */
  static of(connection: Connection): SocketBacklog {
    let backlog = backlogs.get(connection);
    if (!backlog) backlogs.set(connection, (backlog = new SocketBacklog(connection)));
    return backlog;
  }

  private constructor(private readonly connection: Connection) {
    connection.on('packetCreate', ({ data }: { data?: unknown }) => {
      this.waiting++;
      if (typeof data === 'string' || Buffer.isBuffer(data)) this.waitingBytes += data.length;
    });
    // Engine.IO passes all waiting packets to the transport at once, as soon as that has written the previous ones.
    connection.on('drain', () => {
      this.waiting = 0;
      this.waitingBytes = 0;
    });
  }

  get packets(): number {
    return this.waiting;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  /** Resolves when no packet waits any more, or the connection is closed. */
  async untilEmpty(): Promise<void> {
    if (this.waiting === 0 || this.connection.readyState !== 'open') return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.connection.off('drain', done);
        this.connection.off('close', done);
        resolve();
      };
      this.connection.on('drain', done);
      this.connection.on('close', done);
    });
  }
}
