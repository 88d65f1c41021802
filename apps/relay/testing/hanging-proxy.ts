import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, and can hang: connections stay and are accepted, but nothing passes any more. */
export class HangingProxy implements AsyncDisposable {
  private isHanging = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** @param url of the server, with its port */
  static async start(url: string): Promise<HangingProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HangingProxy(server, new URL(url));
  }

  /** The server's, through this. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    const url = new URL(this.target);
    url.port = String(address.port);
    return url.href;
  }

  hang(): void {
    this.isHanging = true;
  }

  /** New connections pass again. Those that hung are closed, as after a failover. */
  goOn(): void {
    this.isHanging = false;
    for (const socket of this.sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.goOn();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (data: Buffer) => {
        if (!this.isHanging) to.write(data);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
