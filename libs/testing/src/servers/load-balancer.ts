import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A plain TCP load balancer, round robin, without sticky sessions: a connection goes to the next backend that takes it. */
export class LoadBalancer implements AsyncDisposable {
  private next = 0;
  private readonly open = new Set<Socket>();

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
      client.pipe(backend).pipe(client);
      // Either end's failure is the other's.
      backend.on('error', () => client.destroy());
      client.on('error', () => backend.destroy());
      client.on('close', () => backend.destroy());
      backend.on('close', () => client.destroy());
    });
  }

  private keep(socket: Socket): void {
    this.open.add(socket);
    socket.on('error', () => undefined); // ends with a close
    socket.on('close', () => this.open.delete(socket));
  }
}
