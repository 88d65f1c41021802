import { AgentTriggerAnswer, type AgentTriggerRequest } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { RelayRequests } from './relay-requests.js';

const list = { request: 'list' } as const;
/** A relay that never answers: the connection ends first. */
const silent = (): Promise<never> => new Promise(() => undefined);
const requests = (patienceMs?: number): RelayRequests<AgentTriggerRequest, typeof AgentTriggerAnswer> =>
  new RelayRequests({
    message: 'triggers:request',
    answer: AgentTriggerAnswer,
    lookWith: 'list_trigger_subscriptions',
    ...(patienceMs !== undefined && { patienceMs }),
  });

describe('RelayRequests', () => {
  it('hands the answer back, without what is not in the catalog', async () => {
    const triggers = requests();
    triggers.attach(() => Promise.resolve({ ok: true, removed: 2, news: 1 }));
    expect(await triggers.request(list)).toEqual({ removed: 2 });
  });

  it("throws the relay's refusal with its sentence", async () => {
    const triggers = requests();
    triggers.attach(() => Promise.resolve({ ok: false, problem: { code: 'unknown_trigger_type', detail: 'No a:b.' } }));
    await expect(triggers.request(list)).rejects.toMatchObject({ code: 'unknown_trigger_type', message: 'No a:b.' });
  });

  it('waits for the relay, and only for so long', async () => {
    const triggers = requests(50);
    await expect(triggers.request(list)).rejects.toThrow('not connected to the relay; try again');
    const patient = requests();
    const asked = patient.request(list);
    patient.attach(() => Promise.resolve({ ok: true, updated: 1 }));
    expect(await asked).toEqual({ updated: 1 });
  });

  it('asks again on the next connection with the same operation', async () => {
    const triggers = requests();
    const operations: unknown[] = [];
    const lost = Promise.withResolvers<never>();
    triggers.attach((request) => {
      operations.push(request);
      return lost.promise;
    });
    const request = { request: 'subscribe', operationId: 'op', triggerType: 'a:b', criteria: {} } as const;
    const asked = triggers.request(request);
    await expect.poll(() => operations).toHaveLength(1);
    triggers.detach();
    lost.reject(new Error('socket has been disconnected'));
    triggers.attach((again) => {
      operations.push(again);
      return Promise.resolve({ ok: true, subscriptions: [] });
    });
    expect(await asked).toEqual({ subscriptions: [] });
    expect(operations).toEqual([request, request]);
  });

  it('says that the outcome is unknown when an answer stays out', async () => {
    const triggers = requests(50);
    triggers.attach(silent);
    await expect(triggers.request(list)).rejects.toThrow(
      'not known whether this was done. Look with list_trigger_subscriptions',
    );
  });

  it('ends at once when the turn is stopped', async () => {
    const triggers = requests();
    triggers.attach(silent);
    const turn = new AbortController();
    const asked = triggers.request(list, turn.signal);
    turn.abort();
    await expect(asked).rejects.toThrow('stopped');
  });

  it('refuses an answer that is not in the catalog', async () => {
    const triggers = requests();
    triggers.attach(() => Promise.resolve(null));
    await expect(triggers.request(list)).rejects.toMatchObject({ code: 'malformed_message' });
  });
});
