import { ServerResponse, type IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { NodeRequest, sendNodeResponse } from 'srvx/node';
import { LOOPBACK, type OpenServer, type SpareServers } from '../spare-servers.js';
import type { Handler } from './bun-routes.js';
import { type Acceptance, BunSockets } from './bun-websocket.js';
import { BunServeError } from './bun-serve-error.js';
import { parseHandlers, type ServeOptions } from './serve-options.js';

interface Upgrade {
  request: IncomingMessage;
  socket: Socket;
  head: Buffer;
}

/** Bun's `Server` over Node's: listens on loopback, and has its port at once. */
export class BunServer {
  readonly hostname = LOOPBACK;
  readonly development = false;
  readonly port: number;
  readonly url: URL;
  pendingRequests = 0;
  private handlers: Omit<ServeOptions, 'port'>;
  private readonly open: OpenServer;
  private readonly sockets: BunSockets;
  private readonly peers = new WeakMap<Request, IncomingMessage>();
  private readonly upgrades = new WeakMap<Request, Upgrade>();

  constructor(options: ServeOptions, servers: SpareServers) {
    this.handlers = options;
    this.open = options.port === 0 ? servers.take() : servers.openOn(options.port);
    this.port = this.open.port;
    this.url = new URL(`http://${LOOPBACK}:${this.port}/`);
    this.sockets = new BunSockets(() => this.handlers.websocket ?? {});
    this.serve();
  }

  get id(): string {
    return String(this.port);
  }

  get pendingWebSockets(): number {
    return this.sockets.size;
  }

  /** Takes new handlers; the port stays. */
  reload(options: unknown): this {
    this.handlers = parseHandlers(options);
    return this;
  }

  /** Ends listening; with `true` also what is under way. Resolves when all of it is over. */
  stop(closeActiveConnections = false): Promise<void> {
    const { server } = this.open;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (closeActiveConnections) {
      this.sockets.closeAll();
      server.closeAllConnections();
    }
    return closed;
  }

  /** Turns a request into a WebSocket; false when it is none. */
  upgrade(request: Request, acceptance: Acceptance = {}): boolean {
    const upgrade = this.upgrades.get(request);
    if (!upgrade) return false;
    this.upgrades.delete(request);
    this.sockets.accept(upgrade.request, upgrade.socket, upgrade.head, acceptance);
    return true;
  }

  publish(topic: string, payload: string | ArrayBuffer | Uint8Array): number {
    return this.sockets.publish(topic, payload);
  }

  requestIP(request: Request): { address: string; family: string; port: number } | null {
    const socket = this.peers.get(request)?.socket;
    if (socket?.remoteAddress === undefined) return null;
    return { address: socket.remoteAddress, family: socket.remoteFamily ?? 'IPv4', port: socket.remotePort ?? 0 };
  }

  /** Bun ends idle requests after ten seconds unless told otherwise by this; here none is ended. */
  timeout(): this {
    return this;
  }

  ref(): void {
    this.open.server.ref();
  }

  unref(): void {
    this.open.server.unref();
  }

  [Symbol.dispose](): void {
    void this.stop(true);
  }

  private serve(): void {
    const { server } = this.open;
    server.on('request', (request, response) => void this.onRequest(request, response));
    if (this.handlers.websocket)
      server.on('upgrade', (request, socket, head) => {
        if (socket instanceof Socket) void this.onUpgrade({ request, socket, head });
      });
    server.on('error', (error) => {
      throw new BunServeError(`cannot listen on port ${this.port}: ${error.message}`, { cause: error });
    });
  }

  private async onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.requestOf(request, response);
    if (!asked) return void response.writeHead(400).end();
    this.pendingRequests += 1;
    response.once('close', () => (this.pendingRequests -= 1));
    const answer = await this.answer(asked);
    await send(response, answer ?? noAnswer());
  }

  /** `fetch` decides: it calls `upgrade`, or answers as to any request. */
  private async onUpgrade(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    const asked = this.requestOf(request);
    if (!asked) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    this.upgrades.set(asked, upgrade);
    socket.on('error', () => socket.destroy());
    const answer = await this.answer(asked);
    if (!this.upgrades.delete(asked)) return; // it became a WebSocket
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.end());
    await send(response, answer ?? noAnswer());
  }

  /** A real `Request`, as services hand it on to `fetch` and `new Request`; undefined when its address is none. */
  private requestOf(request: IncomingMessage, response?: ServerResponse): Request | undefined {
    try {
      const { _request: asked } = new NodeRequest({ req: request, ...(response && { res: response }) });
      if (asked) this.peers.set(asked, request);
      return asked;
    } catch {
      return undefined;
    }
  }

  private async answer(request: Request): Promise<Response | undefined> {
    const { error: recover } = this.handlers;
    try {
      return responseOf(await Reflect.apply(this.handlerOf(request), this, [request, this]));
    } catch (error) {
      console.error(error);
      return (await this.recovered(recover, error)) ?? internalError();
    }
  }

  private handlerOf(request: Request): Handler {
    const { fetch, routes } = this.handlers;
    const match = routes?.match(request.method, new URL(request.url).pathname);
    if (!match) return fetch;
    Object.defineProperty(request, 'params', { value: match.params, configurable: true });
    return match.handler;
  }

  private async recovered(recover: ServeOptions['error'], error: unknown): Promise<Response | undefined> {
    try {
      return responseOf(await recover?.(error));
    } catch (another) {
      console.error(another);
      return undefined;
    }
  }
}

/** An answer whose body fails costs that answer alone. */
async function send(response: ServerResponse, answer: Response): Promise<void> {
  await sendNodeResponse(response, answer).catch((error: unknown) => {
    console.error('an answer could not be sent:', error);
    response.destroy();
  });
}

function responseOf(answer: unknown): Response | undefined {
  return answer instanceof Response ? answer : undefined;
}

function noAnswer(): Response {
  console.error('Bun.serve: fetch returned no Response');
  return internalError();
}

function internalError(): Response {
  return new Response('Internal Server Error', { status: 500 });
}
