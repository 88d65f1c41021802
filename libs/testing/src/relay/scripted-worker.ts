import {
  type AgentAttachmentAnswer,
  type AgentAttachmentRequest,
  type AgentChildAnswer,
  type AgentChildRequest,
  type AgentCommand,
  type AgentReadOutput,
  type AgentToRelay,
  type AgentTriggerAnswer,
  type AgentTriggerRequest,
  type AgentTunnelAnswer,
  type AgentTunnelRequest,
  type FoundFile,
  type InboxItem,
  Namespace,
  type OutputPiece,
  PROTOCOL_VERSION,
  type RelayToAgent,
  type SessionEvent,
  type SessionEventData,
  type SessionEventType,
  type SigilDef,
  type SocketAnswer,
} from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';

interface WorkerOptions {
  relayUrl: string;
  sessionId: string;
  epoch: number;
  token: () => Promise<string>;
}

/**
 * A worker without an agent: it numbers, keeps and resends events as the protocol asks, and receives its inbox. Tests and
 * benchmarks decide what it says.
 */
export class ScriptedWorker {
  readonly sessionId: string;
  /** What arrived in the inbox, in order, each once. */
  readonly received: InboxItem[] = [];
  /** What the services of its runner teach, as they came: each time all of them. */
  readonly announcedSigils: SigilDef[][] = [];
  /** What it was told to do, in order. */
  readonly commands: AgentCommand[] = [];
  /** How it answers commands. */
  answerTo: (command: AgentCommand) => SocketAnswer = () => ({ ok: true });
  /** What its working folder holds. */
  files: FoundFile[] = [];
  /** What it was asked for of the output of tools, in order. */
  readonly outputRequests: AgentReadOutput[] = [];
  /** How it answers that. Null: not at all, as one of an older version. */
  outputOf: (request: AgentReadOutput) => Promise<SocketAnswer<OutputPiece> | null> = () => Promise.resolve(null);
  /** Gets what comes and does not say so. */
  isSilent = false;
  /** The first refusal that ended this worker, if any. */
  refusal: string | null = null;
  private readonly socket: Socket<RelayToAgent, AgentToRelay>;
  private readonly unacknowledged: SessionEvent[] = [];
  private nextSeq: number | null = null;
  private isRegistered = false;
  private isResending = false;
  private firstRegistration = Promise.withResolvers<void>();
  private waiters: (() => void)[] = [];

  private constructor(private readonly options: WorkerOptions) {
    this.sessionId = options.sessionId;
    this.socket = io(options.relayUrl + Namespace.agent, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      auth: (provide) => {
        options.token().then(
          (token) => provide({ token, protocol: PROTOCOL_VERSION }),
          () => provide({ token: '', protocol: PROTOCOL_VERSION }), // refused; the next attempt asks again
        );
      },
    });
    this.socket.on('connect', () => this.register());
    this.socket.on('disconnect', () => (this.isRegistered = false));
    // A refused handshake is not retried by the client itself.
    this.socket.on('connect_error', () => {
      if (!this.socket.active) setTimeout(() => this.socket.connect(), 100);
    });
    this.socket.on('agent:stop', () => this.socket.disconnect());
    this.socket.on('agent:command', (command, answer) => {
      this.commands.push(command);
      answer(this.answerTo(command));
    });
    this.socket.on('agent:find-files', ({ query, limit }, answer) => {
      const files = this.files.filter(({ path }) => path.includes(query)).slice(0, limit);
      answer({ ok: true, files, truncated: files.length < this.files.length });
    });
    this.socket.on('agent:read-output', (request, answer) => {
      this.outputRequests.push(request);
      void this.outputOf(request).then((piece) => piece && answer(piece));
    });
    this.socket.on('services:announced', ({ sigilDefs }) => this.announcedSigils.push(sigilDefs));
    this.socket.on('inbox:deliver', ({ items }) => this.receive(items));
  }

  static async connect(options: WorkerOptions): Promise<ScriptedWorker> {
    const worker = new ScriptedWorker(options);
    await worker.firstRegistration.promise;
    return worker;
  }

  /** Numbers and sends events at once. */
  send<T extends SessionEventType>(...events: { type: T; data: SessionEventData<T> }[]): void {
    const numbered = events.map(({ type, data }) => this.number(type, data));
    this.lastEntrySeq = numbered.findLast(({ type }) => type === 'entry.appended')?.seq ?? this.lastEntrySeq;
    this.unacknowledged.push(...numbered);
    if (this.isRegistered) this.transmit(numbered);
  }

  /** Resolves when the relay has acknowledged everything sent. */
  async flushed(): Promise<void> {
    while (this.unacknowledged.length > 0) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Asks what an agent's trigger tools ask. */
  requestTriggers(message: AgentTriggerRequest): Promise<SocketAnswer<AgentTriggerAnswer>> {
    return this.socket.timeout(30_000).emitWithAck('triggers:request', message);
  }

  /** Asks what an agent's tools for child sessions ask. */
  requestChildren(message: AgentChildRequest): Promise<SocketAnswer<AgentChildAnswer>> {
    return this.socket.timeout(30_000).emitWithAck('children:request', message);
  }

  /** Fetches a piece of a file. */
  requestAttachment(message: AgentAttachmentRequest): Promise<SocketAnswer<AgentAttachmentAnswer>> {
    return this.socket.timeout(30_000).emitWithAck('attachments:request', message);
  }

  /** Asks what an agent's tunnel tools ask. */
  requestTunnels(message: AgentTunnelRequest): Promise<SocketAnswer<AgentTunnelAnswer>> {
    return this.socket.timeout(30_000).emitWithAck('tunnels:request', message);
  }

  /** The number of the last finished entry sent. */
  lastEntrySeq = 0;

  /** The number of the last event sent. */
  get lastSeq(): number {
    return (this.nextSeq ?? 1) - 1;
  }

  stop(): void {
    this.socket.disconnect();
  }

  private number<T extends SessionEventType>(type: T, data: SessionEventData<T>): SessionEvent {
    if (this.nextSeq === null) throw new Error('The worker has not registered yet.');
    const event: { seq: number; type: T; ts: string; data: SessionEventData<T> } = {
      seq: this.nextSeq++,
      type,
      ts: new Date().toISOString(),
      data,
    };
    // The catalog pairs each type with its data; TypeScript does not follow that through a generic.
    return event as SessionEvent;
  }

  private register(): void {
    const nextSeq = this.unacknowledged[0]?.seq ?? this.nextSeq;
    this.socket.emit('agent:register', { sessionId: this.sessionId, epoch: this.options.epoch, nextSeq }, (answer) => {
      if (!answer.ok) return this.refuse(answer.problem.code);
      this.acknowledge(answer.lastSeq);
      this.nextSeq ??= answer.lastSeq + 1;
      this.isRegistered = true;
      if (this.unacknowledged.length > 0) this.transmit([...this.unacknowledged]);
      this.firstRegistration.resolve();
    });
  }

  private transmit(events: SessionEvent[]): void {
    for (let at = 0; at < events.length; at += 256) {
      this.socket.emit(
        'agent:events',
        { events: events.slice(at, at + 256) },
        (answer: SocketAnswer<{ lastSeq: number }>) => {
          if (answer.ok) this.acknowledge(answer.lastSeq);
          else if (answer.problem.code === 'epoch_superseded') this.refuse(answer.problem.code);
        },
      );
    }
  }

  /** Once for all batches of a flight: each of them is answered with the same gap. */
  private resend(): void {
    if (this.isResending) return;
    this.isResending = true;
    this.transmit([...this.unacknowledged]);
  }

  private acknowledge(lastSeq: number): void {
    this.isResending = false;
    const keepFrom = this.unacknowledged.findIndex(({ seq }) => seq > lastSeq);
    this.unacknowledged.splice(0, keepFrom === -1 ? this.unacknowledged.length : keepFrom);
    if (this.unacknowledged.length === 0) for (const resolve of this.waiters.splice(0)) resolve();
  }

  private receive(items: InboxItem[]): void {
    for (const item of items)
      if (!this.received.some(({ deliveryId }) => deliveryId === item.deliveryId)) this.received.push(item);
    if (!this.isSilent) this.socket.emit('inbox:received', { deliveryIds: items.map(({ deliveryId }) => deliveryId) });
  }

  private refuse(code: string): void {
    this.refusal = code;
    this.socket.disconnect();
    this.firstRegistration.reject(new Error(`The relay refused the worker: ${code}`));
  }
}
