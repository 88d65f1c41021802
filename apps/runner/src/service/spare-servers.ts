import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const LOOPBACK = '127.0.0.1';
/** More than a service is likely to open within one tick. */
const SPARES = 8;

/** An HTTP server that listens, and its port. */
export interface OpenServer {
  server: Server;
  port: number;
}

/** No spare server is left, since so many were taken without a pause. */
export class NoSpareServerError extends Error {
  readonly code = 'no_spare_server';

  constructor() {
    super(`More than ${SPARES} servers on port 0 were opened without a pause; wait a tick between them.`);
    this.name = 'NoSpareServerError';
  }
}

/**
 * HTTP servers on loopback, opened in advance: Node tells a port only after a while, but `Bun.serve({port: 0}).port` is asked for
 * at once.
 */
export class SpareServers {
  private readonly spares: OpenServer[] = [];
  private readonly taken = new Set<Server>();
  private opening = 0;

  /** Opens them, before the service's code runs; afterwards `take` fills up by itself. */
  async fill(): Promise<void> {
    const missing = SPARES - this.spares.length - this.opening;
    await Promise.all(Array.from({ length: missing }, () => this.addSpare()));
  }

  private async addSpare(): Promise<void> {
    this.opening += 1;
    try {
      this.spares.push(await openSpare());
    } finally {
      this.opening -= 1;
    }
  }

  /** @throws NoSpareServerError */
  take(): OpenServer {
    const spare = this.spares.shift();
    if (!spare) throw new NoSpareServerError();
    spare.server.ref();
    this.keep(spare.server);
    void this.refill();
    return spare;
  }

  /** Where none can be opened, as with too many open files, the next one that is taken leads here again. */
  private async refill(): Promise<void> {
    try {
      await this.fill();
    } catch (error) {
      console.error('No further server could be opened in advance:', error);
    }
  }

  /** On a port that the service chose. An error comes as the server's `error` event. */
  openOn(port: number): OpenServer {
    const server = createServer(withoutTimeLimit);
    server.listen(port, LOOPBACK);
    this.keep(server);
    return { server, port };
  }

  /** Whatever the service has left open. */
  closeAll(): void {
    for (const server of this.taken) {
      server.close();
      server.closeAllConnections();
    }
  }

  private keep(server: Server): void {
    this.taken.add(server);
    server.once('close', () => this.taken.delete(server));
  }
}

async function openSpare(): Promise<OpenServer> {
  const server = createServer(withoutTimeLimit);
  server.unref();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return { server, port: portOf(server.address()) };
}

/** Uploads and streams take as long as they take, and the tunnel reuses its connections. */
const withoutTimeLimit = { requestTimeout: 0, keepAliveTimeout: 60_000 };

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('a server that listens has a port');
  return address.port;
}
