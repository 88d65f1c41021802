import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  RelayApi,
  RelayProcess,
  removeFolder,
  RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  temporaryFolder,
  waitFor,
} from '@pizzapi/testing';
import type { DeliveryView, TranscriptPage, TriggerDef } from '@pizzapi/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TYPE = 'orders:status_changed';

/** A service's declaration, an agent that subscribes by its own tools, and what is fired: through the built relay and runner. */
describe('a trigger', () => {
  let home: string;
  let model: ScriptedModel;
  let relay: RelayProcess;
  let owner: RelayApi;
  let runner: RunnerProcess;

  beforeAll(async () => {
    home = await temporaryFolder('triggers');
    const runnerHome = join(home, 'runner');
    model = await startScriptedModel();
    mkdirSync(join(runnerHome, 'agent'), { recursive: true });
    writeFileSync(join(runnerHome, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
    declare('orders', [{ type: TYPE, label: 'Status changed' }]);
    relay = await RelayProcess.start({ home: join(home, 'relay') });
    owner = await new RelayApi(relay.url).register('ada@example.com');
    runner = await RunnerProcess.start({
      home: runnerHome,
      relayUrl: relay.url,
      roots: [home],
      apiKey: owner.apiKey ?? '',
      env: { HOME: home },
    });
  });
  afterAll(async () => {
    await runner.stop();
    await relay.stop();
    await model.close();
    await removeFolder(home);
  });

  it('reaches the agent that subscribed to it, once', async () => {
    await waitFor(async () => (await declared()).includes(TYPE), { description: 'the service is announced' });
    model.next(
      (answer) => answer.toolCall('list_available_triggers', {}),
      (answer) =>
        answer.toolCall('subscribe_trigger', { type: TYPE, filters: [{ field: 'status', value: 'shipped' }] }),
      (answer) => answer.toolCall('subscribe_trigger', { type: 'orders:unknown' }),
      (answer) => answer.text('Subscribed.'),
      (answer) => answer.text('It shipped.'),
    );
    const { runnerId } = runner;
    const { body } = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId, prompt: 'Watch orders' });
    await model.request(4);
    await waitFor(async () => (await kinds(body.sessionId)).length === 8, { description: 'the first turn is over' });
    const read = model.requests.map(({ messages }) => JSON.stringify(messages.at(-1)?.content));
    expect(read[1]).toContain(`${TYPE}: Status changed`);
    expect(read[2]).toMatch(/sub_[\w-]+: orders:status_changed/);
    expect(read[3]).toContain('orders:unknown');

    const other = await fire({ status: 'new' }, 'order-7-new');
    const first = await fire({ status: 'shipped' }, 'order-7-shipped');
    const again = await fire({ status: 'shipped' }, 'order-7-shipped');
    expect([other.subscriptions, first.subscriptions]).toEqual([0, 1]);
    expect(again).toEqual(first);
    expect(JSON.stringify((await model.request(5)).messages.at(-1))).toContain('summary: Order 7');
    await waitFor(async () => (await states(first.triggerId)).join() === 'received', {
      description: "the trigger is in the session's file",
    });
    await waitFor(async () => (await kinds(body.sessionId)).length === 10, { description: 'it is answered' });
    expect((await kinds(body.sessionId)).slice(8)).toEqual(['trigger', 'assistant']);
  });

  it('can be declared, and taken back, while the runner is online', async () => {
    declare('builds', [{ type: 'builds:finished', label: 'Build finished' }]);
    await waitFor(async () => (await declared()).includes('builds:finished'), { description: 'it is announced' });
    declare('builds', []);
    await waitFor(async () => !(await declared()).includes('builds:finished'), { description: 'it is taken back' });
  });

  function declare(id: string, triggers: { type: string; label: string }[]): void {
    const folder = join(home, 'runner', 'services', id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ id, label: id }));
    writeFileSync(join(folder, 'triggers.json'), JSON.stringify(triggers));
  }

  async function declared(): Promise<string[]> {
    const answer = await owner.get<{ triggerDefs: TriggerDef[] }>(`/api/runners/${runner.runnerId}`);
    return answer.body.triggerDefs.map(({ type }) => type);
  }

  async function fire(payload: object, key: string): Promise<{ triggerId: string; subscriptions: number }> {
    const answer = await owner.post<{ triggerId: string; subscriptions: number }>(
      `/api/runners/${runner.runnerId}/trigger-broadcast`,
      { type: TYPE, payload, source: 'orders', summary: 'Order 7' },
      { 'idempotency-key': key },
    );
    expect(answer.status).toBe(202);
    return answer.body;
  }

  async function states(triggerId: string): Promise<string[]> {
    const answer = await owner.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`);
    return answer.body.deliveries.map(({ state }) => state);
  }

  async function kinds(sessionId: string): Promise<string[]> {
    const answer = await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=50`);
    return answer.body.entries.map(({ kind }) => kind);
  }
});
