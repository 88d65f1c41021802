import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A plain TCP load balancer, round robin, without sticky sessions: a connection goes to the next backend that takes it. */
export class LoadBalancer implements AsyncDisposable {
  private next = 0;
  private isCut = false;
  private readonly open = new Set<Socket>();
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private held: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly backends: () => readonly number[],
  ) {
    server.on('connection', (client) => this.serve(client));
  }

  /** @param backends Loopback ports, asked for at every connection. */
  static async start(backends: () => readonly number[]): Promise<LoadBalancer> {
    const server = createServer({ allowHalfOpen: true });
    const balancer = new LoadBalancer(server, backends);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return balancer;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The load balancer is not listening.');
    return address.port;
  }

  /** From now on no byte passes and nobody is told, as with a cable that was pulled; new connections hear nothing. */
  cut(): void {
    this.isCut = true;
    for (const [client, backend] of this.pairs) {
      client.unpipe(backend);
      backend.unpipe(client);
    }
  }

  /** What is still connected goes on where it was. */
  heal(): void {
    this.isCut = false;
    for (const [client, backend] of this.pairs) client.pipe(backend).pipe(client);
    for (const client of this.held.splice(0)) this.forward(client);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private serve(client: Socket): void {
    this.keep(client);
    if (this.isCut) this.held.push(client);
    else this.forward(client);
  }

  private forward(client: Socket): void {
    const backends = this.backends();
    const first = this.next++;
    const order = backends.map((_, index) => backends[(first + index) % backends.length] ?? 0);
    this.tryNext(client, order);
  }

  private tryNext(client: Socket, [port, ...others]: number[]): void {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const backend = connect(port, '127.0.0.1');
    const refused = (): void => this.tryNext(client, others);
    backend.once('error', refused);
    backend.once('connect', () => {
      backend.off('error', refused);
      this.keep(backend);
      const pair = [client, backend] as const;
      this.pairs.add(pair);
      if (!this.isCut) client.pipe(backend).pipe(client);
      // Either end's failure is the other's.
      backend.on('error', () => client.destroy());
      client.on('error', () => backend.destroy());
      client.on('close', () => backend.destroy());
      backend.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
      });
      if (client.destroyed) backend.destroy();
    });
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined); // ends with a close
    socket.on('close', () => this.open.delete(socket));
  }
}
