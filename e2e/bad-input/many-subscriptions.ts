import { ScriptedRunner, waitFor } from '@pizzapi/testing';
import { describe, expect, it } from 'vitest';
import type { Product } from './product.js';
import { expectProblem } from './problem.js';

/** `PIZZAPI_MAX_SUBSCRIPTIONS_PER_SESSION` unless somebody sets it. */
const LIMIT = 200;
const TRIGGER = { type: 'time:count', payload: {} };

export function manySubscriptions(product: () => Product, count: number): void {
  describe(`${count} subscriptions of one session`, () => {
    it('those over the limit are refused by name, the others are there and match', async () => {
      const { ada } = product();
      const runner = await ScriptedRunner.connect(ada, 'crowded');
      const worker = await runner.startSession();
      const path = `/api/sessions/${worker.sessionId}/trigger-subscriptions`;
      let [sent, made, refused] = [0, 0, 0];
      const call = async (): Promise<void> => {
        while (sent++ < count) {
          const answer = await ada.post(path, { triggerType: TRIGGER.type });
          if (answer.status === 201) made++;
          else if (expectProblem(answer, 409, 'too_many_subscriptions')) refused++;
        }
      };
      await Promise.all(Array.from({ length: 8 }, call));
      // However many come at once.
      expect({ made, refused }).toEqual({ made: LIMIT, refused: count - LIMIT });
      const fired = await ada.post(`/api/runners/${runner.runnerId}/trigger-broadcast`, TRIGGER);
      expect(fired).toMatchObject({ status: 202, body: { subscriptions: made } });
      await waitFor(() => worker.received.length === 1, { description: 'one delivery for all of them' });
      // All of a type at once, and there is room again.
      expect((await ada.delete(`${path}/${encodeURIComponent(TRIGGER.type)}`)).body).toEqual({ removed: made });
      expect((await ada.post(path, { triggerType: TRIGGER.type })).status).toBe(201);
      worker.stop();
      runner.stop();
    });
  });
}
