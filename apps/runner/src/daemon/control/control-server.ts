import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { PolicyNotice, UnknownPolicy } from '@pizzapi/protocol';
import { ConfigError } from '../../config/config-error.js';
import type { RunnerConfig } from '../../config/runner-config.js';
import { prepareControlSocket } from '../../control/control-socket.path.js';
import { readJsonLines, writeJsonLine } from '../../control/json-lines.js';
import { type DaemonMessage, WorkerMessage } from '../../control/messages.js';
import { isStartSecret } from '../../control/start-secret.js';
import type { Logger } from '../../logging/logger.js';
import { WorkerStateStore } from '../../worker-state/worker-state.store.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { WorkerTokens } from './worker-tokens.js';

const HELLO_TIMEOUT_MS = 5_000;
/** A daemon whose supervisor was killed needs a moment to notice. */
const TAKEOVER_TIMEOUT_MS = 3_000;

/** The Unix socket where workers ask for tokens, and hear that they should stop. */
@Injectable()
export class ControlServer implements OnModuleInit, OnApplicationShutdown {
  private readonly workers = new Map<string, Socket>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.accept(socket));
  private opened: (sessionId: string, cwd: string) => void = () => undefined;

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly store: WorkerStateStore,
    private readonly tokens: WorkerTokens,
  ) {}

  async onModuleInit(): Promise<void> {
    const path = prepareControlSocket(this.config.layout.runDir);
    await this.waitUntilFree(path);
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(path, resolve);
    });
    // As when there are no descriptors left for another connection: a worker that finds nobody calls again.
    this.server.on('error', (error) => this.logger.error({ err: error }, 'a worker could not be heard'));
    chmodSync(path, 0o600);
  }

  onApplicationShutdown(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Called when a worker says that its session is open, also again after a restart of the daemon. */
  onOpened(listener: (sessionId: string, cwd: string) => void): void {
    this.opened = listener;
  }

  /** False when that worker is not connected; then it needs a signal. */
  tellToStop(sessionId: string): boolean {
    return this.tell(sessionId, { type: 'stop' });
  }

  /** False when that worker is not connected; then it has to be told when it says that its session is open. */
  tellPolicy(sessionId: string, notice: PolicyNotice): boolean {
    return this.tell(sessionId, { type: 'policy', notice });
  }

  /** As {@link tellPolicy}. */
  tellUnknownPolicy(sessionId: string, news: UnknownPolicy): boolean {
    return this.tell(sessionId, { type: 'policy-unknown', news });
  }

  private tell(sessionId: string, message: DaemonMessage): boolean {
    const socket = this.workers.get(sessionId);
    if (socket) writeJsonLine(socket, message);
    return socket !== undefined;
  }

  private accept(socket: Socket): void {
    let sessionId: string | undefined;
    const timeout = setTimeout(() => socket.destroy(), HELLO_TIMEOUT_MS);
    this.sockets.add(socket);
    socket.on('error', (error) => this.logger.debug({ sessionId, err: error }, "a worker's control connection broke"));
    socket.on('close', () => {
      clearTimeout(timeout);
      this.sockets.delete(socket);
      if (sessionId !== undefined && this.workers.get(sessionId) === socket) this.workers.delete(sessionId);
    });
    const onMessage = (message: WorkerMessage): void => {
      if (message.type !== 'hello') {
        if (sessionId !== undefined) this.onMessage(socket, sessionId, message);
        return;
      }
      if (!this.isWelcome(message)) return void socket.destroy();
      clearTimeout(timeout);
      sessionId = message.sessionId;
      this.workers.set(sessionId, socket);
      writeJsonLine(socket, { type: 'welcome' });
    };
    readJsonLines(socket, WorkerMessage, onMessage, () =>
      this.logger.warn({ sessionId }, 'dropped a malformed message of a worker'),
    );
  }

  /** Whether it comes from the worker that was started last for the session, which alone knows the secret. One that is turned away calls again. */
  private isWelcome({ sessionId, epoch, secret }: Extract<WorkerMessage, { type: 'hello' }>): boolean {
    try {
      const state = this.store.find(sessionId);
      if (state?.epoch === epoch && isStartSecret(secret, state.secretHash)) return true;
      this.logger.warn({ sessionId }, "refused a process that is not the session's worker");
    } catch (error) {
      this.logger.error({ sessionId, err: error }, 'cannot read which worker the session has');
    }
    return false;
  }

  private onMessage(socket: Socket, sessionId: string, message: Exclude<WorkerMessage, { type: 'hello' }>): void {
    if (message.type === 'opened') this.opened(sessionId, message.cwd);
    else void this.tokens.answer(sessionId, message.requestId).then((answer) => writeJsonLine(socket, answer));
  }

  /** Two daemons with one home would fight over every session. */
  private async waitUntilFree(path: string): Promise<void> {
    const deadline = Date.now() + TAKEOVER_TIMEOUT_MS;
    while (await isAnswered(path)) {
      if (Date.now() > deadline) {
        throw new ConfigError(
          'PIZZAPI_HOME',
          `another runner works in ${this.config.layout.home}; stop it or choose another folder`,
        );
      }
      await wait(100);
    }
  }
}

async function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
