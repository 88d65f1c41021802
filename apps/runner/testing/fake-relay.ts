import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  AgentEvents,
  AgentHandshake,
  AgentRegister,
  Namespace,
  RunnerHandshake,
  SessionEventCatalog,
  type AgentCommand,
  type AgentReadOutput,
  type AgentToRelay,
  type Attachment,
  type DeliveredTrigger,
  type InboxItem,
  type OutputPiece,
  type RelayToAgent,
  type RelayToRunner,
  type RunnerHello,
  RunnerOrder,
  type RunnerToRelay,
  ServiceAnnouncement,
  type SessionEvent,
  type SocketAnswer,
  type WorkerReport,
} from '@pizzapi/protocol';
import { freePort } from '@pizzapi/testing';
import { AskingEnd, TunnelSocket } from '@pizzapi/tunnel';
import { Server, type Socket } from 'socket.io';
import { Value } from 'typebox/value';
import { FakeAgentPorts } from './fake-agent-ports.js';
import { FakeApi } from './fake-api.js';
import { FakeSession } from './fake-session.js';

type RunnerSocket = Socket<RunnerToRelay, RelayToRunner>;
type AgentSocket = Socket<AgentToRelay, RelayToAgent>;
type OrderWithoutCursor = RunnerOrder extends infer O
  ? O extends { cursor: string }
    ? Omit<O, 'cursor'>
    : never
  : never;

/**
 * A small real Socket.IO server that speaks the relay's side of the protocol and keeps everything in memory, also while it
 * is stopped. It refuses what the relay refuses: wrong numbers, lower epochs, malformed events.
 */
export class FakeRelay {
  readonly sessions = new Map<string, FakeSession>();
  readonly reports: WorkerReport[] = [];
  readonly hellos: RunnerHello[] = [];
  readonly announcements: ServiceAnnouncement[] = [];
  /** Whether the daemon that is connected now has announced its services. */
  isAnnounced = false;
  readonly agents = new FakeAgentPorts();
  readonly api = new FakeApi(() => this.changed());
  readonly services = this.api.services;
  /** Everything that did not fit the catalogs. */
  readonly faults: string[] = [];
  refusals = 0;
  runner: RunnerSocket | undefined;
  /** The runner's tunnel, and the headers it dialled with. */
  tunnel: AskingEnd | undefined;
  tunnelHeaders: IncomingHttpHeaders = {};
  private readonly orders: RunnerOrder[] = [];
  private readonly listeners = new Set<() => void>();
  private readonly connections = new Set<Duplex>();
  private server: HttpServer | undefined;
  private io: Server | undefined;
  /** Kept while it is stopped. */
  private port: number | undefined;
  private nextCursor = 1;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.api.answer(request, response));
    const io = new Server(server, {
      transports: ['websocket'],
      maxHttpBufferSize: 24 * 1024 * 1024,
      destroyUpgrade: false,
    });
    server.on('upgrade', (request, socket, head: Buffer) => {
      // A runner that is killed in the middle of its handshake dials again.
      this.acceptTunnel(request, socket, head).catch(() => undefined);
    });
    server.on('connection', (socket: Duplex) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server = server;
    this.io = io;
    this.serveRunners(io);
    this.serveAgents(io);
    this.port ??= await freePort();
    server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Drops every connection, like a relay that is killed. */
  async stop(): Promise<void> {
    for (const session of this.sessions.values()) session.socket = undefined;
    this.runner = undefined;
    this.tunnel?.destroy('the relay stops');
    this.io?.disconnectSockets(true);
    this.server?.close(); // nobody new from here on
    // Those too that are in the middle of a handshake: nobody else would end them.
    for (const connection of this.connections) connection.destroy();
    await this.io?.close();
  }

  session(sessionId: string): FakeSession {
    const known = this.sessions.get(sessionId) ?? new FakeSession();
    this.sessions.set(sessionId, known);
    return known;
  }

  order(order: OrderWithoutCursor): string {
    const cursor = `${this.nextCursor++}-0`;
    const complete = Value.Parse(RunnerOrder, { ...order, cursor });
    this.orders.push(complete);
    this.runner?.emit('runner:orders', { orders: [complete] });
    return cursor;
  }

  isDone(cursor: string): boolean {
    return !this.orders.some((order) => order.cursor === cursor);
  }

  /** Puts an input, or a trigger, into a session's inbox. */
  deliver(sessionId: string, input: string | DeliveredTrigger, attachments: Attachment[] = []): void {
    const session = this.session(sessionId);
    const number = session.delivered++;
    const isInput = typeof input === 'string';
    const item: InboxItem = {
      cursor: `${number}-0`,
      deliveryId: `inp_${sessionId}_${number}`,
      kind: isInput ? 'input' : 'trigger',
      deliverAs: isInput ? 'prompt' : input.deliverAs,
      ts: new Date().toISOString(),
      text: isInput ? input : JSON.stringify(input),
      ...(attachments.length > 0 && { attachments }),
    };
    session.inbox.push(item);
    session.socket?.emit('inbox:deliver', { items: [item] });
  }

  async command(sessionId: string, command: AgentCommand): Promise<SocketAnswer> {
    const { socket } = this.session(sessionId);
    if (!socket) throw new Error('the worker is not connected');
    return socket.timeout(30_000).emitWithAck('agent:command', command);
  }

  async readOutput(sessionId: string, message: AgentReadOutput): Promise<SocketAnswer<OutputPiece>> {
    const { socket } = this.session(sessionId);
    if (!socket) throw new Error('the worker is not connected');
    return socket.timeout(30_000).emitWithAck('agent:read-output', message);
  }

  /** Resolves as soon as the condition holds; it is looked at after every message. */
  async until(what: string, holds: () => boolean, timeoutMs = 60_000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        clearInterval(poll);
        this.listeners.delete(look);
        resolve();
      };
      const poll = setInterval(look, 50); // for facts outside the relay, such as processes
      const timer = setTimeout(() => {
        clearInterval(poll);
        this.listeners.delete(look);
        reject(
          new Error(
            `waited in vain: ${what}; announced ${JSON.stringify(this.announcements.at(-1))}; reports ${JSON.stringify(this.reports)}; faults ${JSON.stringify(this.faults)}`,
          ),
        );
      }, timeoutMs);
      this.listeners.add(look);
      look();
    });
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private async acceptTunnel(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (request.url !== '/_tunnel') return; // Socket.IO's
    if (!this.api.keys.has(String(request.headers['x-api-key'])))
      return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    const tunnel = AskingEnd.over(await TunnelSocket.accept(request, socket, head), { maxStreams: 1_000_000 });
    this.tunnel = tunnel;
    this.tunnelHeaders = request.headers;
    await tunnel.closed;
    if (this.tunnel === tunnel) this.tunnel = undefined;
  }

  private serveRunners(io: Server): void {
    io.of(Namespace.runner).use((socket, next) => {
      if (this.api.keys.has(String(socket.handshake.headers['x-api-key']))) return next();
      this.refusals += 1;
      this.changed();
      next(refusal('unauthenticated', 'This key is not valid.'));
    });
    io.of(Namespace.runner).on('connection', (socket: RunnerSocket) => {
      this.hellos.push(Value.Parse(RunnerHandshake, socket.handshake.auth).hello);
      this.runner = socket;
      this.isAnnounced = false;
      socket.on('order:done', ({ cursor }, answer) => {
        const index = this.orders.findIndex((order) => order.cursor === cursor);
        if (index >= 0) this.orders.splice(index, 1);
        answer({ ok: true });
        this.changed();
      });
      socket.on('service:announce', (announcement, answer) => {
        if (!Value.Check(ServiceAnnouncement, announcement)) this.faults.push(JSON.stringify(announcement));
        this.announcements.push(announcement);
        if (this.runner === socket) this.isAnnounced = true;
        answer({ ok: true });
        this.changed();
      });
      socket.on('service:key', ({ serviceId }, answer) => {
        answer(this.services.giveKey(serviceId));
        this.changed();
      });
      socket.on('worker:report', (report, answer) => {
        this.reports.push(report);
        answer({ ok: true });
        this.changed();
      });
      socket.on('disconnect', () => {
        if (this.runner === socket) this.runner = undefined;
        this.changed();
      });
      if (this.orders.length > 0) socket.emit('runner:orders', { orders: this.orders });
      this.changed();
    });
  }

  private serveAgents(io: Server): void {
    io.of(Namespace.agent).use((socket, next) => {
      const auth: unknown = socket.handshake.auth;
      next(
        Value.Check(AgentHandshake, auth) && auth.token.startsWith('token:')
          ? undefined
          : refusal('unauthenticated', 'No token.'),
      );
    });
    io.of(Namespace.agent).on('connection', (socket: AgentSocket) => {
      const sessionId = String(socket.handshake.auth['token']).slice('token:'.length);
      const session = this.session(sessionId);
      this.agents.serve(socket, (fault) => this.faults.push(fault));
      socket.on('agent:register', (message, answer) => {
        if (!Value.Check(AgentRegister, message)) this.faults.push(JSON.stringify(message));
        answer(session.register(message, socket));
        if (session.socket === socket && session.inbox.length > 0)
          socket.emit('inbox:deliver', { items: session.inbox });
        this.changed();
      });
      socket.on('agent:events', (message, answer) => {
        const fault = faultOf(message.events);
        if (fault || !Value.Check(AgentEvents, message)) this.faults.push(fault ?? 'not a batch');
        answer(session.append(message.events, socket));
        this.changed();
      });
      socket.on('inbox:received', ({ deliveryIds }) => {
        session.acknowledged.push(...deliveryIds);
        this.changed();
        if (session.losesAcknowledgements) return;
        session.inbox = session.inbox.filter((item) => !deliveryIds.includes(item.deliveryId));
        this.changed();
      });
      socket.on('disconnect', () => {
        if (session.socket === socket) session.socket = undefined;
        this.changed();
      });
    });
  }
}

function refusal(code: string, detail: string): Error {
  return Object.assign(new Error(detail), { data: { code, detail } });
}

function faultOf(events: SessionEvent[]): string | undefined {
  const bad = events.find((event) => !Value.Check(SessionEventCatalog[event.type], event.data));
  return bad && `${bad.type}: ${JSON.stringify(bad.data)}`;
}
