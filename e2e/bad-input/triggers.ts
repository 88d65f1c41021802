import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeliveryView, TriggerDef } from '@pizzapi/protocol';
import { type ApiAnswer, RelayApi, ScriptedRunner, waitFor } from '@pizzapi/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Product } from './product.js';
import { expectProblem } from './problem.js';

const TYPE = 'orders:placed';
const SCHEMA = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    lines: { type: 'array', items: { type: 'object', properties: { count: { type: 'integer', minimum: 1 } } } },
  },
  required: ['id'],
};

export function badTriggers(product: () => Product): void {
  describe('a trigger that cannot be', () => {
    beforeAll(async () => {
      const folder = join(product().home, 'services', 'orders');
      await mkdir(folder, { recursive: true });
      const triggers = [{ type: TYPE, label: 'Placed', schema: SCHEMA }];
      await writeFile(join(folder, 'manifest.json'), JSON.stringify({ id: 'orders', label: 'Orders', triggers }));
      await waitFor(async () => (await declared()).includes(TYPE), { description: 'the service is announced' });
    });

    it.each<[string, object, number, string]>([
      ['of a type that nobody declared', { type: 'orders:cancelled' }, 422, 'unknown_trigger_type'],
      ['whose payload is no object', { payload: [] }, 400, 'invalid_request'],
      ['whose payload is too large', { payload: { id: 'x'.repeat(256 * 1024) } }, 413, 'payload_too_large'],
      ['with a field that is none', { surprise: 1 }, 400, 'invalid_request'],
    ])('%s: refused, and nobody gets anything', async (_name, change, status, code) => {
      const before = await product().metric('pizzapi_triggers_fired_total');
      expectProblem(await fire(product().ada, change), status, code);
      expect(await product().metric('pizzapi_triggers_fired_total')).toBe(before);
    });

    it.each([
      ['payload.id', { lines: [] }],
      ['payload.lines[1].count', { id: '7', lines: [{ count: 2 }, { count: 0 }] }],
      ['payload.lines', { id: '7', lines: 'many' }],
    ])('whose payload breaks its schema at %s: refused with the path', async (path, payload) => {
      const { errors, detail } = expectProblem(await fire(product().ada, { payload }), 422, 'payload_invalid');
      expect(errors?.map((error) => error.path)).toEqual([path]);
      expect(detail).toContain(path);
    });

    it('by a key that is revoked in the midst: what was answered 202 arrives, the rest is refused, nothing in between', async () => {
      const { ada } = product();
      const runner = await ScriptedRunner.connect(ada, 'revoked');
      const worker = await runner.startSession();
      await ada.post(`/api/sessions/${worker.sessionId}/trigger-subscriptions`, { triggerType: 'time:count' });
      const { id, key } = (await ada.post<{ id: string; key: string }>('/api/api-keys', { name: 'hook' })).body;
      const hook = new RelayApi(ada.baseUrl, key);
      const accepted: string[] = [];
      const call = async (caller: number): Promise<ApiAnswer> => {
        for (let n = 0; ; n++) {
          const body = { type: 'time:count', payload: { caller, n } };
          const answer = await hook.post<{ triggerId: string }>(
            `/api/runners/${runner.runnerId}/trigger-broadcast`,
            body,
          );
          if (answer.status !== 202) return answer;
          accepted.push(answer.body.triggerId);
        }
      };
      const calls = [0, 1, 2, 3].map(call);
      await waitFor(() => accepted.length > 20, { description: 'it fires' });
      expect((await ada.delete(`/api/api-keys/${id}`)).status).toBe(204);
      for (const answer of await Promise.all(calls)) expectProblem(answer, 401, 'unauthenticated');
      const got = (): string[] => worker.received.map(({ triggerId = '' }) => triggerId).sort();
      await waitFor(() => got().length >= accepted.length, { description: 'all of them arrived' });
      for (const triggerId of accepted)
        await waitFor(async () => (await states(triggerId)).join() === 'received', { description: 'it is received' });
      expect(got()).toEqual(accepted.sort());
      worker.stop();
      runner.stop();
    });

    it("of another account's runner, session, listener or dead letter: 404, as if there were none", async () => {
      const { bob, runner } = product();
      const sessionId = await product().create({ name: 'Private' });
      const listeners = `/api/runners/${runner.runnerId}/trigger-listeners`;
      const subscriptions = `/api/sessions/${sessionId}/trigger-subscriptions`;
      const calls: [string, string, object?][] = [
        ['POST', `/api/runners/${runner.runnerId}/trigger-broadcast`, { type: TYPE, payload: { id: '1' } }],
        ['POST', `/api/sessions/${sessionId}/trigger`, { type: TYPE, payload: { id: '1' } }],
        ['GET', `/api/sessions/${sessionId}/available-triggers`],
        ['GET', subscriptions],
        ['POST', subscriptions, { triggerType: TYPE }],
        ['PUT', `${subscriptions}/${encodeURIComponent(TYPE)}`, {}],
        ['DELETE', `${subscriptions}/${encodeURIComponent(TYPE)}`],
        ['GET', listeners],
        ['POST', listeners, { triggerType: TYPE }],
        ['PUT', `${listeners}/${encodeURIComponent(TYPE)}`, {}],
        ['DELETE', `${listeners}/${encodeURIComponent(TYPE)}`],
        ['POST', `/api/dead-letters/nothing/replay`, {}],
        ['DELETE', `/api/dead-letters/nothing`],
      ];
      for (const [method, path, body] of calls)
        expectProblem(await bob.send(method, path, body === undefined ? {} : { body }), 404, 'not_found');
      expect((await product().ada.get(listeners)).body).toMatchObject({ listeners: [] });
    });
  });

  describe('a subscription that cannot be', () => {
    it('filters that are wrong: each with its path; one into nothing matches nothing', async () => {
      const { ada, runner } = product();
      const sessionId = await product().create({});
      const path = `/api/sessions/${sessionId}/trigger-subscriptions`;
      for (const [change, at] of [
        [{ filters: [{ field: 'id', value: '1', op: 'like' }] }, 'filters.0.op'],
        [{ filters: [{ field: '', value: '1' }] }, 'filters.0.field'],
        [{ filters: [{ field: 'id', value: { of: 1 } }] }, 'filters.0.value'],
        [{ filterMode: 'xor' }, 'filterMode'],
      ] as const) {
        const answer = await ada.post(path, { triggerType: TYPE, ...change });
        expect(expectProblem(answer, 400, 'invalid_request').errors?.map((error) => error.path)).toEqual([at]);
      }
      expectProblem(await ada.post(path, { triggerType: 'orders:cancelled' }), 422, 'unknown_trigger_type');
      expect((await ada.get(path)).body).toEqual({ subscriptions: [] });
      const nowhere = { triggerType: TYPE, filters: [{ field: 'lines.7.count.of.what', value: '1' }] };
      expect((await ada.post(path, nowhere)).status).toBe(201);
      expect(await fire(ada, {})).toMatchObject({ status: 202, body: { subscriptions: 0 } });
      expect(runner.log).not.toContain('level":50');
    });
  });

  async function declared(): Promise<string[]> {
    const { ada, runner } = product();
    const answer = await ada.get<{ triggerDefs: TriggerDef[] }>(`/api/runners/${runner.runnerId}`);
    return answer.body.triggerDefs.map(({ type }) => type);
  }

  function fire(api: RelayApi, change: object): Promise<ApiAnswer> {
    const request = { type: TYPE, payload: { id: '7' }, ...change };
    return api.post(`/api/runners/${product().runner.runnerId}/trigger-broadcast`, request);
  }

  async function states(triggerId: string): Promise<string[]> {
    const { body } = await product().ada.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`);
    return body.deliveries.map(({ state }) => state);
  }
}
