import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeliveryView, ListenerView, RunnerView, SessionView, TriggerDelivery } from '@pizzapi/protocol';
import {
  LoadBalancer,
  RelayApi,
  RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  waitFor,
} from '@pizzapi/testing';
import type { Topology } from '../../topologies/topology.js';

export const TRIGGER_TYPE = 'numbers:counted';

export interface FleetSize {
  sessions: number;
  listeners: number;
  /** A session matches one trigger in so many. */
  oneInPerSession: number;
  oneInPerListener: number;
}

/**
 * A product whose runner has sessions and listeners that each wait for their share of numbered triggers: number n is of the session at
 * `n mod oneInPerSession`, and of the listener at `n mod oneInPerListener`.
 */
export class Fleet {
  readonly sessionIds: string[] = [];
  readonly listenerIds: string[] = [];
  private started = new AsyncDisposableStack();

  private constructor(
    readonly product: Topology,
    /** Between the relays and everyone else. */
    readonly network: LoadBalancer,
    readonly model: ScriptedModel,
    readonly api: RelayApi,
    readonly runner: RunnerProcess,
    readonly size: FleetSize,
  ) {}

  /** Of a product that is its own from now on. */
  static async start(product: Topology, size: FleetSize): Promise<Fleet> {
    await using started = new AsyncDisposableStack();
    started.defer(() => product.stop());
    const { home } = product;
    const code = join(home, 'code');
    const service = join(home, 'services', 'numbers');
    for (const folder of [code, service, join(home, 'agent', 'sessions')]) await mkdir(folder, { recursive: true });
    const triggers = [{ type: TRIGGER_TYPE, label: 'Counted' }];
    await writeFile(join(service, 'manifest.json'), JSON.stringify({ id: 'numbers', label: 'Numbers', triggers }));
    const model = started.use(await startScriptedModel());
    model.otherwise((answer) => answer.text('Seen.'));
    await writeFile(join(home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
    const network = started.use(await LoadBalancer.start(() => product.relays.map(({ port }) => port)));
    const url = `http://localhost:${network.port}`;
    const api = await new RelayApi(url).register('ada@example.com');
    const apiKey = api.apiKey ?? '';
    const env = { HOME: home, PIZZAPI_MAX_WORKER_STARTS: '2' };
    const runner = started.use(await RunnerProcess.start({ home, relayUrl: url, roots: [code], apiKey, env }));
    const fleet = new Fleet(product, network, model, api, runner, size);
    await fleet.populate();
    fleet.started = started.move();
    return fleet;
  }

  get home(): string {
    return this.product.home;
  }

  /** What a service says of number n. */
  payload(n: number): { n: number; session: number; listener: number } {
    return { n, session: n % this.size.oneInPerSession, listener: n % this.size.oneInPerListener };
  }

  deliverAs(n: number): TriggerDelivery {
    return n % 3 === 0 ? 'steer' : 'followUp';
  }

  /** Whose number n is: at most one session and one listener. */
  targets(n: number): { sessionId: string | undefined; listenerId: string | undefined } {
    const { session, listener } = this.payload(n);
    return { sessionId: this.sessionIds[session], listenerId: this.listenerIds[listener] };
  }

  /** Changes some of a listener's settings. */
  async changeListener(listenerId: string, change: Partial<ListenerView>): Promise<void> {
    const path = `/api/runners/${this.runner.runnerId}/trigger-listeners/${listenerId}`;
    const { prompt, filters, maxConcurrent, maxWaitMs, missedRuns } = (await this.api.get<ListenerView>(path)).body;
    const body = { prompt, filters, maxConcurrent, maxWaitMs, missedRuns, ...change };
    const answer = await this.api.send('PUT', path, { body });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  /** Resolves when the relays know that the runner is away. */
  async untilAway(): Promise<void> {
    const isOffline = async (): Promise<boolean> => {
      const { body } = await this.api.get<{ online: boolean }>(`/api/runners/${this.runner.runnerId}`);
      return !body.online;
    };
    await waitFor(isOffline, { description: 'the runner is offline' });
  }

  async deliveriesOf(triggerId: string): Promise<DeliveryView[]> {
    const { body } = await this.api.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`);
    return body.deliveries;
  }

  /** With its product. */
  async stop(): Promise<void> {
    this.network.heal();
    await this.started.disposeAsync();
  }

  private async populate(): Promise<void> {
    await waitFor(() => this.isDeclared(), { description: 'the type of its triggers is known' });
    for (let index = 0; index < this.size.sessions; index++) {
      const created = await this.api.post<{ sessionId: string }>('/api/sessions', { runnerId: this.runner.runnerId });
      this.sessionIds.push(created.body.sessionId);
    }
    for (const [index, sessionId] of this.sessionIds.entries()) {
      await waitFor(async () => (await this.session(sessionId)).activity === 'idle', {
        description: `session ${index} is there`,
        timeoutMs: 120_000,
      });
      await this.create(`/api/sessions/${sessionId}/trigger-subscriptions`, {
        triggerType: TRIGGER_TYPE,
        filters: [{ field: 'session', value: index }],
      });
    }
    for (let index = 0; index < this.size.listeners; index++) {
      const listener = await this.create<ListenerView>(`/api/runners/${this.runner.runnerId}/trigger-listeners`, {
        triggerType: TRIGGER_TYPE,
        prompt: 'Say that you have seen it.',
        filters: [{ field: 'listener', value: index }],
        // Every other listener also has to wait for room.
        ...(index % 2 === 1 ? { maxConcurrent: 2 } : {}),
      });
      this.listenerIds.push(listener.listenerId);
    }
  }

  /** A runner is online before its services are loaded. */
  private async isDeclared(): Promise<boolean> {
    const { body } = await this.api.get<RunnerView>(`/api/runners/${this.runner.runnerId}`);
    return body.triggerDefs.some(({ type }) => type === TRIGGER_TYPE);
  }

  private async session(sessionId: string): Promise<SessionView> {
    return (await this.api.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  private async create<T>(path: string, body: object): Promise<T> {
    const answer = await this.api.post<T>(path, body);
    if (answer.status !== 201) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
