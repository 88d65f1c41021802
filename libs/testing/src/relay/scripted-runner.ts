import { randomUUID } from 'node:crypto';
import {
  Namespace,
  PROTOCOL_VERSION,
  type PolicyNotice,
  RunnerAbility,
  type RelayToRunner,
  type RunnerOrder,
  type RunnerToRelay,
  type SocketAnswer,
  type UnknownPolicy,
  type WorkerReport,
} from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { checkedHeaders } from './checked-headers.js';
import { connected } from './connected.js';
import type { RelayApi } from './relay-api.js';
import { ScriptedWorker } from './scripted-worker.js';

const ABILITIES = Object.values(RunnerAbility);

interface ScriptedRunnerOptions {
  /** Default: an id of its own. */
  runnerId?: string;
  /** Whether orders are acknowledged as they come, or by the test's {@link ScriptedRunner.done}. Default: true. */
  acknowledges?: boolean;
  /** What it can that older ones cannot; undefined: it is an older one. Default: everything. */
  abilities?: string[] | undefined;
  /** What its system lacks for a sandbox. */
  sandboxGap?: string;
}

/** A daemon without processes: it speaks `/runner` as the real one does, and starts scripted workers when a test says so. */
export class ScriptedRunner {
  readonly runnerId: string;
  /** What arrived, in order; what is not acknowledged arrives again with the next connection. */
  readonly orders: RunnerOrder[] = [];
  /** What the organisation says of its agents, as the relay told it. */
  readonly policies: PolicyNotice[] = [];
  readonly unknownPolicies: UnknownPolicy[] = [];
  /** For answers to the relay's questions, such as `runner:list-models`. */
  readonly socket: Socket<RelayToRunner, RunnerToRelay>;

  private constructor(
    private readonly api: RelayApi,
    name: string,
    { runnerId = randomUUID(), acknowledges = true, ...said }: ScriptedRunnerOptions,
  ) {
    this.runnerId = runnerId;
    this.socket = io(api.baseUrl + Namespace.runner, {
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      extraHeaders: checkedHeaders({ 'x-api-key': api.apiKey ?? '' }),
      auth: {
        protocol: PROTOCOL_VERSION,
        hello: {
          runnerId,
          name,
          platform: 'linux',
          version: '0.1.0',
          roots: ['/srv/code'],
          abilities: ABILITIES,
          ...said,
        },
      },
    });
    this.socket.on('runner:policy', (notice) => this.policies.push(notice));
    this.socket.on('runner:policy-unknown', (news) => this.unknownPolicies.push(news));
    this.socket.on('runner:orders', ({ orders }) => {
      this.orders.push(...orders);
      if (acknowledges) for (const { cursor } of orders) this.socket.emit('order:done', { cursor }, () => undefined);
    });
  }

  /** @throws Error with the relay's refusal as its `data` */
  static async connect(api: RelayApi, name = 'scripted', options: ScriptedRunnerOptions = {}): Promise<ScriptedRunner> {
    const runner = new ScriptedRunner(api, name, options);
    await connected(runner.socket);
    return runner;
  }

  /** Says what became of a session's worker. */
  report(report: WorkerReport): Promise<SocketAnswer> {
    return this.socket.timeout(30_000).emitWithAck('worker:report', report);
  }

  /** Acknowledges an order, so that it comes no more. */
  done({ cursor }: RunnerOrder): Promise<SocketAnswer> {
    return this.socket.timeout(30_000).emitWithAck('order:done', { cursor });
  }

  /** Creates a session on this runner and attaches a scripted worker to it. */
  async startSession(options: { relayUrl?: string; prompt?: string } = {}): Promise<ScriptedWorker> {
    const created = await this.api.post<{ sessionId: string }>('/api/sessions', {
      runnerId: this.runnerId,
      prompt: options.prompt,
    });
    if (created.status !== 202)
      throw new Error(`The session was answered ${created.status}: ${JSON.stringify(created.body)}`);
    return this.startWorker(created.body.sessionId, options.relayUrl);
  }

  startWorker(sessionId: string, relayUrl = this.api.baseUrl, epoch = Date.now()): Promise<ScriptedWorker> {
    return ScriptedWorker.connect({ relayUrl, sessionId, epoch, token: () => this.token(sessionId) });
  }

  /** A worker token, as the daemon fetches one for every connection. */
  async token(sessionId: string): Promise<string> {
    const answer = await this.api.post<{ token: string }>(`/api/runners/${this.runnerId}/worker-tokens`, { sessionId });
    if (answer.status !== 201)
      throw new Error(`The worker token was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.token;
  }

  stop(): void {
    this.socket.disconnect();
  }
}
