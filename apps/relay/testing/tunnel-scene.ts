import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { PanelDef, TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { type RelayApi, ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import { toLoopback, TunnelDialer, TunnelError } from '@pizzapi/tunnel';
import { expect } from 'vitest';
import { Database } from '../src/platform/database/database.js';
import { startCluster, type TestAccount, type TestCluster, type TestRelay } from './relay-fixture.js';
import { ask } from './tunnel-client.js';

export const TUNNEL_DOMAIN = 'localhost:7492';
const FINISH_MS = 60_000;

/** Replicas, an account with a runner whose tunnel is connected, and services that it leads to. */
export class TunnelScene implements AsyncDisposable {
  private readonly servers: Server[] = [];
  readonly allDialers: TunnelDialer[] = [];
  /** Ports by service, as the daemon knows them. */
  readonly services = new Map<string, number>();
  runner!: ScriptedRunner;
  worker!: ScriptedWorker;
  dialer!: TunnelDialer;

  private constructor(
    private readonly cluster: TestCluster,
    readonly relays: readonly TestRelay[],
    readonly ada: TestAccount,
  ) {}

  /** @param replicas All with the same environment. */
  static async start(replicas = 1, env: Record<string, string> = {}): Promise<TunnelScene> {
    const cluster = await startCluster(replicas > 1 ? 'postgres' : 'sqlite');
    const relays: TestRelay[] = [];
    for (let n = 0; n < replicas; n++)
      relays.push(await cluster.start({ PIZZAPI_TUNNEL_DOMAIN: TUNNEL_DOMAIN, ...env }));
    const [first] = relays;
    if (!first) throw new Error('A scene needs a relay.');
    const scene = new TunnelScene(cluster, relays, await first.account('ada'));
    await scene.connectRunner();
    return scene;
  }

  get relay(): TestRelay {
    return this.replica(0);
  }

  replica(at: number): TestRelay {
    const relay = this.relays[at];
    if (!relay) throw new Error(`There is no replica ${at}.`);
    return relay;
  }

  /** One more replica, perhaps with another environment. */
  startReplica(env: Record<string, string> = {}): Promise<TestRelay> {
    return this.cluster.start({ PIZZAPI_TUNNEL_DOMAIN: TUNNEL_DOMAIN, ...env });
  }

  /** A service on a port of its own. */
  async serve(listener: RequestListener): Promise<{ port: number; server: Server }> {
    const server = createServer({ maxHeaderSize: 256 * 1024 }, listener);
    this.servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The service listens on no port.');
    return { port: address.port, server };
  }

  /** Exposes a port for the scene's session. */
  async expose(port: number): Promise<ExposedTunnel> {
    const { body, status } = await this.ada.post<TunnelView>(`/api/sessions/${this.worker.sessionId}/tunnels`, {
      port,
    });
    expect(status).toBe(201);
    return { ...body, origin: body.origin ?? '', label: body.url.slice(body.url.lastIndexOf('/') + 1) };
  }

  /** Announces panels; the daemon leads to them. */
  async announce(...panels: PanelDef[]): Promise<void> {
    for (const { serviceId, port } of panels) this.services.set(serviceId, port);
    const services = panels.map(
      ({ serviceId, label, icon }) => ({ id: serviceId, label, icon, state: 'running', error: null }) as const,
    );
    const answer = await this.runner.socket.emitWithAck('service:announce', {
      services,
      panels,
      triggerDefs: [],
      sigilDefs: [],
    });
    expect(answer).toEqual({ ok: true });
  }

  /** Enters with a ticket. @returns the cookie */
  async enter(tunnel: ExposedTunnel, relay = this.relay, api: RelayApi = this.ada): Promise<string> {
    const { body } = await api.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`);
    const entered = await ask(relay.url, body.url);
    expect(entered).toMatchObject({ status: 302 });
    return entered.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
  }

  /** Makes somebody else the owner of runner, session and tunnels, as no part of the product does. */
  async give(userId: string): Promise<void> {
    await this.relay.app.get(Database).write(async (transaction) => {
      for (const table of ['runners', 'sessions', 'tunnels'])
        await transaction.query(`UPDATE ${table} SET owner_id = $1`, [userId]);
    });
  }

  /** A tunnel connection of the scene's runner, to one of the replicas, in the place of the one before. */
  async dial(relay = this.relay, headers: Record<string, string> = {}): Promise<TunnelDialer> {
    const opened = Promise.withResolvers<void>();
    const dialer = new TunnelDialer({
      url: `${relay.url}/_tunnel`,
      credentials: () =>
        Promise.resolve({ 'x-api-key': this.ada.apiKey ?? '', 'x-pizzapi-runner': this.runner.runnerId, ...headers }),
      handler: toLoopback({
        portOf: (target) => {
          if (target.kind === 'port') return target.port;
          const port = this.services.get(target.serviceId);
          if (port === undefined)
            throw new TunnelError('refused', `The service ${target.serviceId} listens on no port.`);
          return port;
        },
      }),
      pauses: { nextMs: () => 30, reset: () => undefined },
      onOpen: () => opened.resolve(),
    });
    const older = [...this.allDialers];
    this.allDialers.push(dialer);
    dialer.open();
    await opened.promise;
    // A daemon has one; two of them would take turns.
    for (const before of older) void before.close(FINISH_MS);
    return dialer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.allDialers.map((dialer) => dialer.close(0)));
    this.runner.stop();
    this.worker.stop();
    await this.cluster[Symbol.asyncDispose]();
    for (const server of this.servers) server.closeAllConnections();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private async connectRunner(): Promise<void> {
    this.runner = await ScriptedRunner.connect(this.ada);
    this.runner.socket.on('runner:check-port', (_message, answer) => answer({ ok: true }));
    this.worker = await this.runner.startSession();
    this.dialer = await this.dial();
  }
}

export interface ExposedTunnel extends TunnelView {
  origin: string;
  label: string;
}
