import { randomUUID } from 'node:crypto';
import {
  RedisServer,
  RelayApi,
  RelayProcess,
  removeFolder,
  ScriptedRunner,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { expectProblem } from './problem.js';

export function replicatedRedis(): void {
  describe('a Redis of your own with a replica', () => {
    it('nothing is accepted that no replica has; it goes on when one is back', async () => {
      await using started = new AsyncDisposableStack();
      const home = await temporaryFolder('replicated');
      started.defer(() => removeFolder(home));
      const primary = started.use(await RedisServer.start('--repl-diskless-sync-delay', '0'));
      const replica = started.use(await RedisServer.start('--replicaof', `127.0.0.1 ${new URL(primary.url).port}`));
      const redis = new Redis(primary.url);
      started.defer(() => redis.disconnect());
      const isReplicated = async (): Promise<boolean> => /state=online/.test(await redis.info('replication'));
      await waitFor(isReplicated, { description: 'the replica follows' });
      const relay = started.use(await RelayProcess.start({ home, redisUrl: primary.url }));
      const ada = await new RelayApi(relay.url).register('ada@example.com');
      const runner = await ScriptedRunner.connect(ada);
      started.defer(() => runner.stop());
      const worker = await runner.startSession();
      started.defer(() => worker.stop());
      const { sessionId, received } = worker;
      const path = `/api/sessions/${sessionId}/input`;
      expect((await ada.post(path, { text: 'Replicated' })).status).toBe(202);

      await replica.kill();
      const headers = { 'idempotency-key': randomUUID() };
      const refused = await ada.post(path, { text: 'Said once' }, headers);
      expectProblem(refused, 503, 'unavailable');
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expectProblem(await ada.post('/api/sessions', { runnerId: runner.runnerId }), 503, 'unavailable');
      const ofTrigger = { 'idempotency-key': randomUUID() };
      const fire = () =>
        ada.post<{ triggerId: string }>(`/api/sessions/${sessionId}/trigger`, { type: 'any', payload: {} }, ofTrigger);
      expectProblem(await fire(), 503, 'unavailable');
      // Nobody would know their keys after a failover: so they have not even begun.
      expect(received.map(({ text }) => text)).toEqual(['Replicated']);

      await replica.restart();
      await waitFor(isReplicated, { description: 'the replica is back' });
      expect((await ada.post(path, { text: 'Said once' }, headers)).status).toBe(202);
      const fired = await fire();
      expect(fired.status).toBe(202);
      const { triggerId } = fired.body;
      await waitFor(() => received.length >= 3, { description: 'the worker has all' });
      expect(received.map(({ triggerId: trigger, text }) => trigger ?? text)).toEqual([
        'Replicated',
        'Said once',
        triggerId,
      ]);
    });
  });
}
