import type { AgentTriggerAnswer, AgentTriggerRequest, SubscriptionView } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const subscription: SubscriptionView = {
  subscriptionId: 'sub_1',
  triggerType: 'orders:status_changed',
  params: { amount: 5 },
  filters: [{ field: 'status', value: ['shipped', 7, true], op: 'eq' }],
  filterMode: 'or',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};

/** Lets the model call one tool; resolves to what was asked of the relay and what the model read. */
async function call(
  tool: string,
  args: object,
  answer: AgentTriggerAnswer | Error,
): Promise<{ asked: AgentTriggerRequest[]; text: string; isError: boolean }> {
  const asked: AgentTriggerRequest[] = [];
  const request = (message: AgentTriggerRequest): Promise<AgentTriggerAnswer> => {
    asked.push(message);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const { host, log } = await fixture.started({ triggers: { request } });
  model.next(
    (said) => said.toolCall(tool, args),
    (said) => said.text('Done.'),
  );
  await host.receive([anInput('go')]);
  await log.untilIdle();
  const result = log.of('entry.appended').find(({ kind }) => kind === 'tool')?.content;
  const { content, isError } = Object.assign({ content: [{ text: '' }], isError: false }, result);
  return { asked, text: content[0]?.text ?? '', isError };
}

describe("the agent's trigger tools", () => {
  it('are not there without a way to ask', async () => {
    const { host, log } = await fixture.started();
    model.next((said) => said.text('Hi'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(JSON.stringify(model.requests[0]?.tools)).not.toContain('trigger');
  });

  it('list what is available, the type first', async () => {
    const schema = { type: 'object' };
    const { asked, text } = await call(
      'list_available_triggers',
      {},
      {
        available: [
          { type: 'a:b', label: 'B', description: 'When b happens', serviceId: 'a', schema, available: true },
          { type: 'a:c', label: 'C', description: null, serviceId: 'a', schema: null, available: false },
          {
            type: 'a:d',
            label: 'D',
            description: null,
            serviceId: 'a',
            schema: null,
            available: false,
            disabledReason: 'its schema is none',
          },
        ],
      },
    );
    expect(asked).toEqual([{ request: 'available' }]);
    expect(text).toBe(
      'a:b: B\n  When b happens\n  Service: a\n  Payload schema: {"type":"object"}\n\na:c: C\n  Service: a (not running now)\n\na:d: D\n  Service: a\n  Disabled, so it cannot be subscribed to: its schema is none',
    );
    const tools = JSON.stringify(model.requests[0]?.tools);
    for (const name of ['subscribe_trigger', 'update_trigger_subscription', 'unsubscribe_trigger'])
      expect(tools).toContain(name);
  });

  it('subscribe with params and filters as they are, and give the id back first', async () => {
    const { params, filters, filterMode } = subscription;
    const { asked, text } = await call(
      'subscribe_trigger',
      { type: 'orders:status_changed', params, filters, filterMode },
      { subscriptions: [subscription] },
    );
    expect(asked).toEqual([
      {
        request: 'subscribe',
        operationId: expect.any(String),
        triggerType: 'orders:status_changed',
        criteria: { params, filters, filterMode },
      },
    ]);
    expect(text).toBe(
      'Subscribed.\nsub_1: orders:status_changed, params {"amount":5}, filters [{"field":"status","value":["shipped",7,true],"op":"eq"}] (or)',
    );
  });

  it.each([
    ['by its id', { subscriptionId: 'sub_1' }, 'sub_1'],
    ['by its type, the legacy bulk form', { type: 'orders:status_changed' }, 'orders:status_changed'],
  ])('update a subscription %s in one step, and let the relay keep what is not given', async (_, named, target) => {
    const { asked, text } = await call(
      'update_trigger_subscription',
      { ...named, filters: [] },
      { updated: 1, subscriptions: [subscription] },
    );
    expect(asked).toEqual([{ request: 'update', target, criteria: { filters: [] }, merge: true }]);
    expect(text).toMatch(/^Updated 1 subscription\.\nsub_1: /);
  });

  it.each([
    ['subscribe_trigger', { type: 'orders:x', filters: [{ field: 'a', value: null }] }],
    ['subscribe_trigger', { type: 'orders:x', filters: [{ field: 'a', value: [1, null] }] }],
    ['update_trigger_subscription', { subscriptionId: 'sub_1', params: { a: null } }],
  ])('say that nothing can be compared with null, instead of the text "null": %s %o', async (tool, args) => {
    const { asked, text, isError } = await call(tool, args, { subscriptions: [subscription] });
    expect(asked).toEqual([]);
    expect(text).toBe(
      'null is no value that a filter or a param could have: give a string, a number, true or false, or a list of these. A field that may be missing cannot be asked for.',
    );
    expect(isError).toBe(true);
  });

  it('unsubscribe by type, the legacy bulk form', async () => {
    const bulk = await call('unsubscribe_trigger', { type: 'a:b' }, { removed: 2 });
    expect(bulk.asked).toEqual([{ request: 'unsubscribe', target: 'a:b' }]);
    expect(bulk.text).toBe('Removed 2 subscriptions.');
  });

  it('refuse a call that names no subscription, without asking', async () => {
    const { asked, text, isError } = await call('unsubscribe_trigger', {}, {});
    expect([asked, isError]).toEqual([[], true]);
    expect(text).toContain('list_trigger_subscriptions');
  });

  it("turn a refusal into a tool error with the relay's sentence", async () => {
    const sentence = 'No service of this runner declares the trigger type a:x.';
    const { text, isError } = await call('subscribe_trigger', { type: 'a:x' }, new Error(sentence));
    expect([text, isError]).toEqual([sentence, true]);
  });

  it('list subscriptions, the id first', async () => {
    expect((await call('list_trigger_subscriptions', {}, { subscriptions: [subscription] })).text).toMatch(/^sub_1: /);
  });

  it('say that there are none', async () => {
    expect((await call('list_trigger_subscriptions', {}, { subscriptions: [] })).text).toContain('no trigger subs');
  });
});
