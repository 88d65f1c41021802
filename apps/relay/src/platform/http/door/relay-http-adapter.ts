import { createServer, type RequestListener, type Server } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

const KIB = 1024;
/** Services behind tunnels may want large headers: what HTTP/2 can carry, and some to spare for what is taken out. */
const MAX_HEADER_BYTES = 144 * KIB;
const HEADERS_TIMEOUT_MS = 60_000;

/** Express on a server that also suits tunnels. */
export class RelayHttpAdapter extends ExpressAdapter {
  private closing: Promise<void> | null = null;

  override initHttpServer(): void {
    const express: RequestListener = this.getInstance();
    const options = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // An upload into a tunnel takes as long as it takes; the front door bounds all others.
      requestTimeout: 0,
      // The front door says so itself, with problem details.
      requireHostHeader: false,
      // Other protocols (`h2c`) are offers that a server may leave alone.
      shouldUpgradeCallback: ({ headers }: { headers: { upgrade?: string } }) =>
        headers.upgrade?.toLowerCase() === 'websocket',
    };
    this.httpServer = createServer(options, express);
  }

  /** Stops listening at once. Resolves when all connections have ended; whoever asks later waits for the same. */
  override close(): Promise<void> {
    const server: Server = this.httpServer;
    return (this.closing ??= new Promise((resolve) => server.close(() => resolve())));
  }
}
