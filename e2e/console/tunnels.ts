import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { SessionView, TunnelView } from '@pizzapi/protocol';
import { type RelayApi, waitFor } from '@pizzapi/testing';

/** A server on a loopback port, as an agent or a person would start one. */
export async function serve(listener: RequestListener): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves with its id once its worker is there. */
export async function startSession(owner: RelayApi, runnerId: string, more: object = {}): Promise<string> {
  // The runner enrolled before there was an account; it belongs to the first one a moment later.
  const sessionId = await waitFor(
    async () => (await owner.post<SessionView | undefined>('/api/sessions', { runnerId, ...more })).body?.sessionId,
    { description: 'the runner takes a session', timeoutMs: 30_000 },
  );
  await waitFor(async () => (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body.activity === 'idle', {
    description: 'the session is idle',
    timeoutMs: 60_000,
  });
  return sessionId;
}

/** Exposes the port for the session; `page` is the console's page that leads in. */
export async function expose(
  owner: RelayApi,
  sessionId: string,
  port: number,
  name: string,
): Promise<TunnelView & { origin: string; page: string }> {
  const { body, status } = await owner.post<TunnelView>(`/api/sessions/${sessionId}/tunnels`, { port, name });
  if (status !== 201) throw new Error(`The port was not exposed: ${JSON.stringify(body)}`);
  return { ...body, origin: body.origin ?? '', page: new URL(body.url).pathname };
}
