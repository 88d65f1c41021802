import { connect, type Socket } from 'node:net';
import type { PolicyNotice, UnknownPolicy } from '@pizzapi/protocol';
import { findControlSocket } from '../control/control-socket.path.js';
import { readJsonLines, writeJsonLine } from '../control/json-lines.js';
import { DaemonMessage, type WorkerMessage } from '../control/messages.js';
import { errorText, type Logger } from '../logging/logger.js';
import { Backoff } from '../retry/backoff.js';

const TOKEN_TIMEOUT_MS = 15_000;

export interface DaemonClientOptions {
  runDir: string;
  hello: Extract<WorkerMessage, { type: 'hello' }>;
  onStop: () => void;
  onPolicy: (notice: PolicyNotice) => void;
  onUnknownPolicy: (news: UnknownPolicy) => void;
  logger: Logger;
}

/** The relay gives this session no token; {@link problemCodeOf} reads its code. */
export class TokenRefusedError extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
    this.name = 'TokenRefusedError';
  }
}

interface TokenRequest {
  resolve: (token: string) => void;
  reject: (error: Error) => void;
}

/**
 * The worker's line to whichever daemon runs. It looks for one for ever: without a daemon the agent goes on working, and an
 * existing connection to the relay goes on too; only a new connection needs a token and so has to wait.
 */
export class DaemonClient {
  private readonly backoff = new Backoff({ firstMs: 100, maxMs: 2_000 });
  private readonly requests = new Map<number, TokenRequest>();
  private socket: Socket | undefined;
  private isWelcome = false;
  private isClosed = false;
  private nextRequestId = 1;
  private openedCwd: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DaemonClientOptions) {}

  open(): void {
    const path = this.findDaemon();
    if (path === null) return this.openLater();
    const socket = connect(path);
    this.socket = socket;
    socket.on('connect', () => writeJsonLine(socket, this.options.hello));
    socket.on('error', (error) => this.options.logger.debug({ err: error }, 'no daemon at the moment'));
    socket.on('close', () => this.onClose());
    readJsonLines(
      socket,
      DaemonMessage,
      (message) => this.onMessage(message),
      () => undefined,
    );
  }

  /** Null: there is none at the moment, or nobody can say where. */
  private findDaemon(): string | null {
    try {
      return findControlSocket(this.options.runDir);
    } catch (error) {
      this.options.logger.warn({ reason: errorText(error) }, 'cannot read where the daemon is');
      return null;
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.destroy();
  }

  /** Says that the session is open; to each daemon that comes, since it does not know. */
  sayOpened(cwd: string): void {
    this.openedCwd = cwd;
    if (this.isWelcome && this.socket) writeJsonLine(this.socket, { type: 'opened', cwd });
  }

  /** A token for one connection to the relay. @throws when there is no daemon, or the relay refuses */
  async requestToken(): Promise<string> {
    const { socket } = this;
    if (!this.isWelcome || !socket) throw new Error('no daemon to ask for a token');
    const requestId = this.nextRequestId++;
    const token = new Promise<string>((resolve, reject) => this.requests.set(requestId, { resolve, reject }));
    const timer = setTimeout(
      () => this.requests.get(requestId)?.reject(new Error('the daemon did not answer')),
      TOKEN_TIMEOUT_MS,
    );
    writeJsonLine(socket, { type: 'token-request', requestId });
    return token.finally(() => {
      clearTimeout(timer);
      this.requests.delete(requestId);
    });
  }

  private onMessage(message: DaemonMessage): void {
    switch (message.type) {
      case 'welcome':
        this.isWelcome = true;
        this.backoff.reset();
        if (this.openedCwd !== undefined) this.sayOpened(this.openedCwd);
        return;
      case 'token':
        this.requests.get(message.requestId)?.resolve(message.token);
        return;
      case 'token-refused':
        this.requests.get(message.requestId)?.reject(new TokenRefusedError(message.code, message.detail));
        return;
      case 'policy':
        this.options.onPolicy(message.notice);
        return;
      case 'policy-unknown':
        this.options.onUnknownPolicy(message.news);
        return;
      case 'stop':
        this.options.onStop();
    }
  }

  private onClose(): void {
    this.isWelcome = false;
    for (const request of this.requests.values()) request.reject(new Error('the daemon is gone'));
    this.openLater();
  }

  private openLater(): void {
    if (!this.isClosed) this.timer = setTimeout(() => this.open(), this.backoff.nextMs());
  }
}
