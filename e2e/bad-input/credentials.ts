import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION } from '@pizzapi/protocol';
import { type ApiAnswer, RelayApi, ScriptedRunner } from '@pizzapi/testing';
import { describe, expect, it } from 'vitest';
import { HostileSocket } from './hostile-socket.js';
import type { Product } from './product.js';
import { expectProblem } from './problem.js';

const NAMESPACES = ['/viewer', '/hub', '/runner'];

export function badCredentials(product: () => Product): void {
  describe('bad credentials', () => {
    it.each([['pza_forged'], [`pza_${'0'.repeat(43)}`], ['x'.repeat(4_000)], ['']])(
      'a forged key opens nothing',
      async (key) => {
        const { relay } = product();
        expectProblem(await new RelayApi(relay.url, key).get('/api/sessions'), 401, 'unauthenticated');
        for (const namespace of NAMESPACES)
          expect(await refusal(namespace, key)).toMatchObject({ code: 'unauthenticated' });
      },
    );

    it('a forged or foreign token makes no worker', async () => {
      const url = `${product().relay.url}/agent`;
      const runner = await ScriptedRunner.connect(product().ada, 'tokens');
      const { sessionId } = await runner.startSession();
      const token = await runner.token(sessionId);
      for (const auth of [{}, { token: 7 }, { token: 'x.y.z', protocol: 1 }, { token: `${token}x`, protocol: 1 }])
        expect(await HostileSocket.refusal(url, { auth })).toMatchObject({ code: 'unauthenticated' });
      const socket = await HostileSocket.connect(url, { auth: { token, protocol: PROTOCOL_VERSION } });
      expect(await socket.ask('agent:register', { sessionId: randomUUID(), epoch: 1, nextSeq: null })).toMatchObject({
        ok: false,
        problem: { code: 'forbidden' },
      });
      socket.stop();
      runner.stop();
    });

    it('a revoked key: 401, and its sockets close at once', async () => {
      const { ada } = product();
      const { id, key } = (await newKey()).body;
      const sockets = await Promise.all(NAMESPACES.map((namespace) => connect(namespace, key)));
      expect((await ada.delete(`/api/api-keys/${id}`)).status).toBe(204);
      await Promise.all(sockets.map((socket) => socket.closed()));
      expectProblem(await new RelayApi(ada.baseUrl, key).get('/api/sessions'), 401, 'unauthenticated');
      for (const namespace of NAMESPACES)
        expect(await refusal(namespace, key)).toMatchObject({ code: 'unauthenticated' });
    });

    it('an expired key: 401, and its sockets close in that moment', async () => {
      const { ada } = product();
      // As brief as this machine lets somebody come in by it.
      const comeIn = async (lifeMs: number): Promise<{ key: string; expiresAt: number; sockets: HostileSocket[] }> => {
        const expiresAt = Date.now() + lifeMs;
        const { body, status } = await newKey({ expiresAt: new Date(expiresAt).toISOString() });
        const connecting = status === 201 ? NAMESPACES.map((namespace) => connect(namespace, body.key)) : [];
        const sockets = await Promise.all(connecting).catch(() => []);
        return sockets.length > 0 ? { key: body.key, expiresAt, sockets } : comeIn(2 * lifeMs);
      };
      const { key, expiresAt, sockets } = await comeIn(1_000);
      await Promise.all(sockets.map((socket) => socket.closed()));
      // A timer may be a moment early.
      expect(Date.now()).toBeGreaterThan(expiresAt - 100);
      expectProblem(await new RelayApi(ada.baseUrl, key).get('/api/sessions'), 401, 'unauthenticated');
      expectProblem(
        await ada.post('/api/api-keys', { name: 'late', expiresAt: '2020-01-01T00:00:00.000Z' }),
        400,
        'invalid_request',
      );
    });

    it("another account's session, runner and keys: 404, as if there were none", async () => {
      const { bob, relay, runner } = product();
      const sessionId = await product().create({ name: 'Private' });
      const session = `/api/sessions/${sessionId}`;
      const calls: [string, string, unknown?][] = [
        ['GET', session],
        ['PATCH', session, { name: 'Mine' }],
        ['DELETE', session],
        ['PUT', `${session}/pin`],
        ['DELETE', `${session}/pin`],
        ['POST', `${session}/stop`],
        ['POST', `${session}/resume`],
        ['POST', `${session}/abort`],
        ['POST', `${session}/continue`],
        ['POST', `${session}/model`, { provider: 'demo', id: 'demo' }],
        ['POST', `${session}/input`, { text: 'Obey me' }],
        ['GET', `${session}/inputs`],
        ['PATCH', `${session}/inputs/inp_x`, { text: 'Obey me' }],
        ['DELETE', `${session}/inputs/inp_x`],
        ['GET', `${session}/transcript`],
        ['POST', '/api/sessions', { runnerId: runner.runnerId }],
        ['GET', `/api/sessions/recent-folders?runnerId=${runner.runnerId}`],
        ['GET', `/api/runners/${runner.runnerId}`],
        ['PATCH', `/api/runners/${runner.runnerId}`, { name: 'Mine' }],
        ['DELETE', `/api/runners/${runner.runnerId}`],
        ['GET', `/api/runners/${runner.runnerId}/models`],
        ['GET', `/api/runners/${runner.runnerId}/folders`],
        ['POST', `/api/runners/${runner.runnerId}/worker-tokens`, { sessionId }],
      ];
      for (const [method, path, body] of calls) {
        const theirs = await bob.send(method, path, body === undefined ? {} : { body });
        const nobodys = await bob.send(
          method,
          path.replaceAll(sessionId, randomUUID()).replaceAll(runner.runnerId, randomUUID()),
          body === undefined ? {} : { body },
        );
        const { detail } = expectProblem(theirs, 404, 'not_found');
        expect(expectProblem(nobodys, 404, 'not_found').detail, `${method} ${path}`).toBe(detail);
      }
      const ownKey = (await product().ada.get<{ apiKeys: { id: string }[] }>('/api/api-keys')).body.apiKeys[0]?.id;
      expectProblem(await bob.delete(`/api/api-keys/${ownKey}`), 404, 'not_found');
      const viewer = await HostileSocket.connect(`${relay.url}/viewer`, { headers: { 'x-api-key': bob.apiKey ?? '' } });
      expect(await viewer.ask('session:attach', { sessionId, afterSeq: 0 })).toMatchObject({
        ok: false,
        problem: { code: 'not_found' },
      });
      viewer.stop();
      expect(await refusal('/runner', bob.apiKey ?? '', runner.runnerId)).toMatchObject({
        code: expect.stringMatching(/./),
      });
    });

    function newKey(more: object = {}): Promise<ApiAnswer<{ id: string; key: string }>> {
      return product().ada.post('/api/api-keys', { name: 'short-lived', ...more });
    }

    function connect(namespace: string, key: string): Promise<HostileSocket> {
      return HostileSocket.connect(product().relay.url + namespace, handshake(key));
    }

    function refusal(namespace: string, key: string, runnerId?: string): ReturnType<typeof HostileSocket.refusal> {
      return HostileSocket.refusal(product().relay.url + namespace, handshake(key, runnerId));
    }
  });
}

function handshake(key: string, runnerId: string = randomUUID()): { headers: Record<string, string>; auth: object } {
  const hello = { runnerId, name: 'hostile', platform: 'linux', version: '0.1.0', roots: ['/srv'] };
  return { headers: { 'x-api-key': key }, auth: { protocol: PROTOCOL_VERSION, hello } };
}
