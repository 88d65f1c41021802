import { RelayApi } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwoReplicas } from '../../../../testing/two-replicas.js';
import type { TriggerFiredDto } from '../firing/firing.dto.js';
import type { TriggerStateDto } from './history.dto.js';

describe('the state of a trigger', () => {
  let replicas: TwoReplicas;
  beforeAll(async () => {
    replicas = await TwoReplicas.start();
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  it('is sent, at every replica, once a worker was sent it, and before the worker has said that it has it', async () => {
    const { one, two, ada, runner } = replicas;
    const worker = await runner.startSession({ relayUrl: two.url });
    const { sessionId } = worker;
    const onTwo = new RelayApi(two.url, ada.apiKey);
    const fire = async (): Promise<string> => {
      const request = { type: 'time:tick', payload: {} };
      return (await onTwo.post<TriggerFiredDto>(`/api/sessions/${sessionId}/trigger`, request)).body.triggerId;
    };
    const atOne = async (triggerId: string): Promise<TriggerStateDto> =>
      (await ada.get<TriggerStateDto>(`/api/triggers/${triggerId}`)).body;
    // The first one goes by the inbox, whoever reads the bus.
    const first = await fire();
    await expect.poll(() => atOne(first)).toMatchObject({ deliveries: [{ state: 'received' }] });
    worker.isSilent = true;
    const second = await fire();
    await expect.poll(() => worker.received.at(-1)?.triggerId).toBe(second);
    expect(await atOne(second)).toMatchObject({ deliveries: [{ state: 'sent', attempts: 1 }] });
    worker.stop();
    const back = await runner.startWorker(sessionId, one.url);
    await expect.poll(() => atOne(second)).toMatchObject({ deliveries: [{ state: 'received' }] });
    back.stop();
  });
});
