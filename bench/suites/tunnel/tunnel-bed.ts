import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RelayApi } from '@pizzapi/testing';
import { RelayApi as Api } from '@pizzapi/testing';
import type { RunnerView, TunnelTicket, TunnelView } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { BenchProcess } from '../../processes/bench-process.js';
import { createSession, EMAIL } from '../../product/account.js';
import { RelayProcess } from '../../product/relay-process.js';
import { RunnerProcess } from '../../product/runner-process.js';

/** Where a client asks. */
export interface Place {
  port: number;
  headers: Record<string, string>;
}

const Port = Type.Object({ port: Type.Integer() });
const WITHIN_MS = 30_000;

/** A service behind a real relay and a real runner, behind a chain of two plain proxies, and by itself. Each is a process. */
export class TunnelBed implements AsyncDisposable {
  private constructor(
    readonly relay: RelayProcess,
    readonly client: BenchProcess,
    /** Another one, so that what it does takes no time from the first. */
    readonly neighbour: BenchProcess,
    readonly places: { direct: Place; chain: Place; tunnel: Place },
    private readonly parts: AsyncDisposableStack,
  ) {}

  static async start(folder: string): Promise<TunnelBed> {
    await using parts = new AsyncDisposableStack();
    const service = parts.use(await BenchProcess.start(new URL('./service.process.js', import.meta.url)));
    const { port } = await service.ask('listen', {}, Port);
    const second = parts.use(await BenchProcess.start(new URL('./proxy.process.js', import.meta.url)));
    const { port: to } = await second.ask('listen', { to: port }, Port);
    const first = parts.use(await BenchProcess.start(new URL('./proxy.process.js', import.meta.url)));
    const chain = await first.ask('listen', { to }, Port);
    const relay = parts.use(await RelayProcess.start({ home: join(folder, 'home') }));
    const api = await new Api(relay.url).register(EMAIL);
    parts.use(await RunnerProcess.start(join(folder, 'runner'), relay.url, api.apiKey ?? ''));
    const tunnel = await enter(relay.url, api, port);
    const clients = new URL('./client.process.js', import.meta.url);
    const client = parts.use(await BenchProcess.start(clients));
    const neighbour = parts.use(await BenchProcess.start(clients));
    const places = { direct: { port, headers: {} }, chain: { port: chain.port, headers: {} }, tunnel };
    return new TunnelBed(relay, client, neighbour, places, parts.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.disposeAsync();
  }
}

/** As the console does it: the port is exposed for a session, a ticket is exchanged for the cookie of the tunnel's own origin. */
async function enter(relayUrl: string, api: RelayApi, port: number): Promise<Place> {
  const runnerId = await until(
    async () =>
      (await api.get<{ runners: RunnerView[] }>('/api/runners')).body.runners.find(({ online }) => online)?.runnerId,
  );
  const sessionId = await createSession(api, runnerId);
  const tunnel = await until(async () => {
    const made = await api.post<TunnelView>(`/api/sessions/${sessionId}/tunnels`, { port });
    return made.status === 201 ? made.body : undefined;
  });
  const { url } = (await api.post<TunnelTicket>(`/api/tunnels/${tunnel.tunnelId}/tickets`, {})).body;
  const { host, pathname, search } = new URL(url);
  const relayPort = Number(new URL(relayUrl).port);
  const call = request({ host: '127.0.0.1', port: relayPort, path: pathname + search, headers: { host } }).end();
  const headers = await new Promise<Record<string, string>>((resolve, reject) => {
    call.once('error', reject);
    call.once('response', (response) => {
      response.resume();
      const cookie = response.headers['set-cookie']?.[0]?.split(';', 1)[0];
      if (cookie === undefined) reject(new Error(`The tunnel could not be entered: ${response.statusCode}.`));
      else resolve({ host, cookie, origin: `http://${host}` });
    });
  });
  return { port: relayPort, headers };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + WITHIN_MS; performance.now() < end; await pause(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('The runner was not ready in time.');
}
