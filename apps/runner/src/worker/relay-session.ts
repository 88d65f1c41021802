import { setTimeout as pause } from 'node:timers/promises';
import {
  AgentCommand,
  AgentFindFiles,
  AgentReadOutput,
  type InboxItem,
  Namespace,
  PROTOCOL_VERSION,
  ProblemCode,
  type AgentHandshake,
  type AgentToRelay,
  type RelayToAgent,
  type SessionEvent,
} from '@pizzapi/protocol';
import type { Socket } from 'socket.io-client';
import { Type } from 'typebox';
import { errorText, type Logger } from '../logging/logger.js';
import { answering, problemCodeOf } from '../relay-link/answering.js';
import { answerParser, type ParsedAnswer } from '../relay-link/answer.js';
import { parsed } from '../relay-link/incoming.js';
import type { Refusal } from '../relay-link/refusal.js';
import { createSocket, RelayLink } from '../relay-link/relay-link.js';
import { Backoff } from '../retry/backoff.js';
import type { WorkerBoot } from '../worker-state/worker-boot.js';
import { readableOf } from './readable-items.js';
import { runCommand } from './run-command.js';
import { EventPump } from './event-pump.js';
import type { EventOutbox } from './event-outbox.js';
import type { AgentSession } from './agent-session.js';
import type { EntryRegister } from './entry-register.js';
import type { RelayPorts } from './relay-requests/relay-ports.js';

const ANSWER_TIMEOUT_MS = 30_000;
const parseRegistered = answerParser(
  'agent:register',
  Type.Object({ lastSeq: Type.Integer({ minimum: 0 }), lastEntryId: Type.Union([Type.String(), Type.Null()]) }),
);
const parseAppended = answerParser('agent:events', Type.Object({ lastSeq: Type.Integer({ minimum: 0 }) }));
const InboxDelivery = Type.Object({ items: Type.Array(Type.Unknown()) });
const AgentStop = Type.Object({ reason: Type.Union([Type.Literal('stopped'), Type.Literal('superseded')]) });

export interface RelaySessionOptions {
  boot: WorkerBoot;
  outbox: EventOutbox;
  entries: EntryRegister;
  agent: AgentSession;
  ports: RelayPorts;
  requestToken: () => Promise<string>;
  onStop: (reason: 'stopped' | 'superseded') => void;
  /** The session's file cannot be written: only a new process can go on. */
  onBroken: () => void;
  logger: Logger;
}

/** One session's connection to `/agent`: events out, deliveries and commands in. */
export class RelaySession {
  private readonly socket: Socket<RelayToAgent, AgentToRelay>;
  private readonly link: RelayLink;
  private readonly pump: EventPump;
  private readonly again = new Backoff({ firstMs: 200, maxMs: 10_000 });
  private registration = 0;
  private readonly fetchAgain = new Backoff({ firstMs: 200, maxMs: 10_000 });
  private receiving: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: RelaySessionOptions) {
    const { boot, outbox, logger } = options;
    this.socket = createSocket(boot.relayUrl, Namespace.agent);
    this.pump = new EventPump({
      outbox,
      send: (events) => this.send(events),
      onTrouble: (refusal) => this.onTrouble(refusal),
    });
    this.link = new RelayLink(this.socket, {
      credentials: async () => ({ auth: await this.handshake() }),
      onConnect: () => void this.register(),
      onDisconnect: (reason) => this.onDisconnect(reason),
      onRefused: (refusal) => logger.warn({ ...refusal }, 'the relay refuses this worker; trying again'),
      onUnreachable: (error) => this.onUnreachable(error),
    });
    this.listen();
  }

  open(): void {
    this.link.open();
  }

  /** Something was put into the outbox. */
  onEvent(): void {
    this.pump.schedule();
  }

  /** Waits until the relay has everything; not at all where there is no connection. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.socket.connected) await this.pump.drain(timeoutMs);
  }

  /** The relay knows this worker, and takes its events. */
  get isAttached(): boolean {
    return this.socket.connected && this.pump.isStarted;
  }

  /**
   * Deliveries wait from now on, and the relay keeps them. Resolves when those that came before are in the file.
   * @returns what takes them on again
   */
  async holdDeliveries(): Promise<() => void> {
    const before = this.receiving;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.receiving = before.then(() => promise);
    await before;
    return resolve;
  }

  close(): void {
    this.isClosed = true;
    this.registration += 1;
    this.pump.stop();
    this.options.ports.detach();
    this.link.close();
  }

  private listen(): void {
    const { logger, agent, ports } = this.options;
    const deliver = parsed('inbox:deliver', InboxDelivery, logger, ({ items }) => {
      const readable = readableOf(items, logger);
      if (readable.length > 0) this.receiving = this.receiving.then(() => this.receive(readable));
    });
    const stop = parsed('agent:stop', AgentStop, logger, ({ reason }) => this.options.onStop(reason));
    ports.listen(this.socket, logger);
    this.socket.on('inbox:deliver', deliver);
    this.socket.on('agent:stop', stop);
    this.socket.on(
      'agent:command',
      answering('agent:command', AgentCommand, logger, (command) => runCommand(agent, command)),
    );
    this.socket.on(
      'agent:find-files',
      answering('agent:find-files', AgentFindFiles, logger, ({ query, limit }) => agent.findFiles(query, limit)),
    );
    this.socket.on(
      'agent:read-output',
      answering('agent:read-output', AgentReadOutput, logger, ({ entryId, from }) => agent.readOutput(entryId, from)),
    );
  }

  private async send(events: SessionEvent[]): Promise<ParsedAnswer<{ lastSeq: number }>> {
    try {
      const answer = parseAppended(
        await this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('agent:events', { events }),
      );
      if (answer.ok) this.again.reset();
      return answer;
    } catch (error) {
      // A connection that has ended says so itself, once for all batches.
      if (this.socket.connected)
        this.options.logger.warn({ reason: errorText(error) }, 'the relay did not answer to a batch of events');
      throw error;
    }
  }

  private async handshake(): Promise<AgentHandshake> {
    return { token: await this.options.requestToken(), protocol: PROTOCOL_VERSION };
  }

  private async register(): Promise<void> {
    const { boot, outbox, entries, ports, logger } = this.options;
    const registration = ++this.registration;
    try {
      const message = { sessionId: boot.sessionId, epoch: boot.epoch, nextSeq: outbox.nextSeq };
      const answer = parseRegistered(
        await this.socket.timeout(ANSWER_TIMEOUT_MS).emitWithAck('agent:register', message),
      );
      if (registration !== this.registration) return;
      if (!answer.ok) return this.onTrouble(answer.problem);
      const missing = entries.missingAfter(answer.lastEntryId, outbox.unacknowledgedEntryIds(answer.lastSeq));
      outbox.resume(answer.lastSeq, missing);
      logger.info({ lastSeq: answer.lastSeq, recovered: missing.length }, 'registered at the relay');
      this.pump.start();
      ports.attach(this.socket);
    } catch (error) {
      if (registration !== this.registration) return;
      logger.warn({ reason: errorText(error) }, 'could not register at the relay');
      this.onTrouble(null);
    }
  }

  /** The relay did not take something: ask where it stands, sooner or later. */
  private onTrouble(refusal: Refusal | null): void {
    if (refusal?.code === ProblemCode.epochSuperseded) return this.options.onStop('superseded');
    if (refusal?.code === ProblemCode.sessionEnded) return this.options.onStop('stopped');
    if (!this.socket.connected) return; // registers when it is connected again
    this.options.logger.warn({ ...refusal }, 'registering again at the relay');
    const registration = ++this.registration;
    setTimeout(() => {
      if (registration === this.registration && this.socket.connected) void this.register();
    }, this.again.nextMs());
  }

  private onUnreachable(error: Error): void {
    // A session that was ended while this worker was cut off gets no token any more.
    if (problemCodeOf(error) === ProblemCode.sessionEnded) this.options.onStop('stopped');
    else this.options.logger.debug({ reason: errorText(error) }, 'cannot connect to the relay yet');
  }

  private onDisconnect(reason: string): void {
    this.registration += 1;
    this.pump.stop();
    this.options.ports.detach();
    this.options.logger.info({ reason }, 'disconnected from the relay; the agent goes on');
  }

  private async receive(items: InboxItem[]): Promise<void> {
    const { agent, logger } = this.options;
    try {
      await agent.receive(items);
    } catch (error) {
      // Its files cannot be had yet. What came after it waits as well, so that messages keep their order.
      if (problemCodeOf(error) === ProblemCode.unavailable) return this.receiveLater(items, error);
      logger.error({ err: error }, 'could not take a delivery; the relay keeps it');
      // A refusal of the agent has a code. Anything else is the file (no space), and its state in memory is not to be trusted.
      if (problemCodeOf(error) === undefined) this.options.onBroken();
      return;
    }
    this.fetchAgain.reset();
    // Otherwise the relay delivers them again, and they are skipped.
    if (this.socket.connected)
      this.socket.emit('inbox:received', { deliveryIds: items.map((item) => item.deliveryId) });
  }

  private async receiveLater(items: InboxItem[], error: unknown): Promise<void> {
    this.options.logger.warn({ reason: errorText(error) }, 'a delivery cannot be taken yet; trying again');
    await pause(this.fetchAgain.nextMs());
    if (!this.isClosed) await this.receive(items);
  }
}
