/** A service's module. `NAME` and `CLASS` stand for its own. */
const MODULE = `import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fireTrigger, type ServiceContext, type ServiceHandler, type ServiceSocket } from '@pizzapi/service-sdk';

const PANEL = join(dirname(fileURLToPath(import.meta.url)), 'panel', 'index.html');

export default class CLASS implements ServiceHandler {
  /** The same as in manifest.json. */
  readonly id = 'NAME';
  #server: Server | null = null;
  #count = 0;
  #wanted = 0;

  async init(socket: ServiceSocket, { announcePanel }: ServiceContext): Promise<void> {
    // Who subscribed to this service's triggers, with their params: what the service is to look at.
    socket.on('subscriptions', (subscriptions) => {
      this.#wanted = subscriptions.length;
      console.log(\`subscriptions: \${subscriptions.length}\`);
    });

    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        console.error(error);
        json(response, 500, { error: error instanceof Error ? error.message : String(error) });
      });
    });
    this.#server = server;
    const port = await listen(server);
    announcePanel(port);
  }

  async dispose(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.endsWith('/api/data')) return json(response, 200, { count: this.#count, wanted: this.#wanted });
    if (pathname.endsWith('/api/fire') && request.method === 'POST') return json(response, 200, await this.#fire());
    const page = await readFile(PANEL);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
  }

  /** Resolves once the relay has it: from then on it cannot get lost. */
  #fire() {
    this.#count += 1;
    return fireTrigger({
      type: 'NAME:happened',
      payload: { note: 'The button was pressed', count: this.#count },
      summary: \`Button pressed, \${this.#count}\`,
      giveUpAfterMs: 10_000,
    });
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
    });
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' });
  response.end(JSON.stringify(body));
}
`;

export function moduleTemplate(name: string, className: string): string {
  return MODULE.replaceAll('NAME', name).replaceAll('CLASS', className);
}
