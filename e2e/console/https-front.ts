import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { selfSigned } from '../tunnels/self-signed.js';

/** The TLS proxy that stands before a relay in production, set up as `docs/tunnels.md` says. Its certificate is made for the test. */
export class HttpsFront implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    private readonly relayPort: number,
  ) {
    server.on('request', (request, response) => this.pass(request, response));
    server.on('upgrade', (request, socket, head) => this.passUpgrade(request, socket, head));
  }

  static async start(relayPort: number): Promise<HttpsFront> {
    const server = createServer(await selfSigned());
    const front = new HttpsFront(server, relayPort);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return front;
  }

  /** For Chromium: these names lead here, and the certificate need not be known. */
  switches(...hosts: string[]): string[] {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy is not listening.');
    const rules = hosts.map((host) => `MAP ${host} 127.0.0.1:${address.port}`);
    return [`--host-resolver-rules=${rules.join(', ')}`, '--ignore-certificate-errors'];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const onwards = this.onwards(request);
    onwards.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    request.pipe(onwards);
  }

  private passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onwards = this.onwards(request);
    onwards.on('upgrade', (answer, backend, first) => {
      socket.write(headOf(answer));
      socket.write(first);
      backend.write(head);
      socket.pipe(backend).pipe(socket);
      backend.on('error', () => socket.destroy());
    });
    onwards.on('response', (answer) => {
      socket.write(headOf(answer));
      answer.pipe(socket);
    });
    onwards.on('error', () => socket.destroy());
    socket.on('error', () => onwards.destroy());
    onwards.end();
  }

  private onwards({ url = '/', method = 'GET', headers, socket }: IncomingMessage): ReturnType<typeof ask> {
    const said: IncomingHttpHeaders = { ...headers, 'x-forwarded-for': socket.remoteAddress };
    return ask({ host: '127.0.0.1', port: this.relayPort, path: url, method, headers: said });
  }
}

function headOf({ statusCode = 502, statusMessage = '', rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.map((part, index) => (index % 2 === 0 ? `${part}: ` : `${part}\r\n`));
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines.join('')}\r\n`;
}
