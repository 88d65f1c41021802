import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  Namespace,
  PROTOCOL_VERSION,
  ProblemCode,
  type RelayToRunner,
  RunnerAbility,
  type RunnerHandshake,
  type RunnerToRelay,
  type ServiceAnnouncement,
  ServiceKey,
  type WorkerReport,
} from '@pizzapi/protocol';
import { checkSandbox, SandboxUncheckedError } from '@pizzapi/sandbox';
import type { Socket } from 'socket.io-client';
import { Type } from 'typebox';
import type { RunnerConfig } from '../../config/runner-config.js';
import { RUNNER_VERSION } from '../../config/version.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { answerParser, type ParsedAnswer } from '../../relay-link/answer.js';
import type { Refusal } from '../../relay-link/refusal.js';
import { createSocket, RelayLink, type Credentials } from '../../relay-link/relay-link.js';
import { RunnerIdentity } from '../identity/runner-identity.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { RunnerKey } from './runner-key.js';

const ANSWER_TIMEOUT_MS = 15_000;
const nothing = Type.Object({});
const parseDone = answerParser('order:done', nothing);
const parseReported = answerParser('worker:report', nothing);
const parseAnnounced = answerParser('service:announce', nothing);
const parseServiceKey = answerParser('service:key', ServiceKey);

/** The daemon's connection to `/runner`. Features add their listeners to `socket` before it opens. */
@Injectable()
export class RelayConnection implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Null when the relay is switched off. */
  readonly socket: Socket<RelayToRunner, RunnerToRelay> | null;
  private readonly link: RelayLink | null;
  private lastComplaint = '';

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly identity: RunnerIdentity,
    private readonly key: RunnerKey,
  ) {
    this.socket = config.relayUrl === null ? null : createSocket(config.relayUrl, Namespace.runner);
    this.link = this.socket && config.relayUrl !== null ? this.linkTo(this.socket, config.relayUrl) : null;
  }

  onApplicationBootstrap(): void {
    if (!this.link) this.logger.info('the relay is switched off in the settings; nothing to do but wait');
    this.link?.open();
  }

  onApplicationShutdown(): void {
    this.link?.close();
  }

  /** @throws when the connection ends before the answer */
  async orderDone(cursor: string): Promise<ParsedAnswer<object>> {
    return parseDone(await this.connected().timeout(ANSWER_TIMEOUT_MS).emitWithAck('order:done', { cursor }));
  }

  /** @throws when not connected or the connection ends before the answer; what must arrive is reported again on connect */
  async report(report: WorkerReport): Promise<ParsedAnswer<object>> {
    return parseReported(await this.connected().timeout(ANSWER_TIMEOUT_MS).emitWithAck('worker:report', report));
  }

  /** @throws when not connected or the connection ends before the answer; announced again on connect */
  async announceServices(announcement: ServiceAnnouncement): Promise<ParsedAnswer<object>> {
    return parseAnnounced(
      await this.connected().timeout(ANSWER_TIMEOUT_MS).emitWithAck('service:announce', announcement),
    );
  }

  /** Of one of this runner's services. @throws when not connected or the connection ends before the answer */
  async requestServiceKey(serviceId: string): Promise<ParsedAnswer<{ apiKey: string }>> {
    return parseServiceKey(await this.connected().timeout(ANSWER_TIMEOUT_MS).emitWithAck('service:key', { serviceId }));
  }

  get isConnected(): boolean {
    return this.socket?.connected ?? false;
  }

  private connected(): Socket<RelayToRunner, RunnerToRelay> {
    // Socket.IO would keep the message and send it on the next connection, out of its time.
    if (!this.socket?.connected) throw new Error('not connected to the relay');
    return this.socket;
  }

  private linkTo(socket: Socket<RelayToRunner, RunnerToRelay>, relayUrl: string): RelayLink {
    return new RelayLink(socket, {
      credentials: () => this.credentials(relayUrl),
      onConnect: () => {
        this.lastComplaint = '';
        this.logger.info({ relayUrl, runnerId: this.identity.runnerId }, 'online: connected to the relay');
      },
      onDisconnect: (reason) =>
        this.logger.warn({ relayUrl, reason }, 'the connection to the relay ended; connecting again'),
      onRefused: (refusal) => this.onRefused(relayUrl, refusal),
      onUnreachable: (error) =>
        this.complain(`cannot connect to the relay: ${errorText(error)}${adviceOn(error, relayUrl)}`, { relayUrl }),
    });
  }

  private async credentials(relayUrl: string): Promise<Credentials> {
    const apiKey = await this.key.get(relayUrl);
    // Checked again for each connection: somebody may have fixed it meanwhile.
    const sandboxGap = await findSandboxGap();
    const auth: RunnerHandshake = {
      protocol: PROTOCOL_VERSION,
      hello: {
        runnerId: this.identity.runnerId,
        name: this.config.runnerName,
        platform: process.platform,
        version: RUNNER_VERSION,
        roots: this.config.workspaceRoots,
        ...(sandboxGap !== undefined && { sandboxGap }),
        abilities: Object.values(RunnerAbility),
      },
    };
    return { auth, headers: { 'x-api-key': apiKey } };
  }

  private onRefused(relayUrl: string, refusal: Refusal): void {
    const isKeyBad = refusal.code === ProblemCode.unauthenticated || refusal.code === ProblemCode.keyRevoked;
    const advice = isKeyBad ? ' Set PIZZAPI_API_KEY to a valid key of that relay and start the runner again.' : '';
    this.complain(`the relay refuses this runner: ${refusal.detail}${advice}`, { relayUrl, code: refusal.code });
    if (isKeyBad) this.key.wasRefused(relayUrl);
  }

  /** Logs a lasting problem once, not with every attempt. */
  private complain(complaint: string, fields: object): void {
    if (complaint === this.lastComplaint) return;
    this.lastComplaint = complaint;
    this.logger.error(fields, complaint);
  }
}

/** What is wrong with sandboxes on this machine, for people. */
async function findSandboxGap(): Promise<string | undefined> {
  try {
    // Told for information only: the connection need not wait for a busy machine.
    const check = await checkSandbox({ mode: 'basic', timeoutMs: 5_000 });
    return check.isEnforceable ? check.lack : check.detail;
  } catch (error) {
    if (error instanceof SandboxUncheckedError) return error.message;
    throw error;
  }
}

/** An error of the network says nothing about what to do, unlike that of a missing key, so the advice is added here. */
function adviceOn(error: Error, relayUrl: string): string {
  if (error.cause === undefined) return '';
  return `. Trying again: does the relay run, and is ${relayUrl} (PIZZAPI_RELAY_URL) its address?`;
}
