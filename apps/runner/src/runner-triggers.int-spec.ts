import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeliveredTrigger, SubscriptionView, TunnelView } from '@pizzapi/protocol';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { API_KEY, FakeRelay } from '../testing/fake-relay.js';
import type { FakeSession } from '../testing/fake-session.js';
import { ServicesFolder } from '../testing/services-folder.js';
import { buildRunner, TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let model: ScriptedModel;
let relay: FakeRelay;
let runner: TestRunner;

beforeAll(() => buildRunner());

beforeEach(async () => {
  model = await startScriptedModel();
  relay = new FakeRelay();
  await relay.start();
  runner = new TestRunner({ PIZZAPI_RELAY_URL: relay.url, PIZZAPI_API_KEY: API_KEY });
  mkdirSync(join(runner.home, 'agent'), { recursive: true });
  writeFileSync(join(runner.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
});

afterEach(async (context) => {
  if (context.task.result?.state === 'fail')
    console.error(runner.output, [...relay.sessions.keys()].map((id) => runner.workerLog(id)).join('\n'));
  await runner.dispose();
  await relay.stop();
  await model.close();
});

async function startSession(): Promise<{ sessionId: string; session: FakeSession }> {
  runner.start();
  const sessionId = randomUUID();
  const session = relay.session(sessionId);
  relay.order({ order: 'spawn', sessionId, isResume: false });
  await relay.until('the session is open', () => session.of('session.opened').length === 1);
  return { sessionId, session };
}

const trigger: DeliveredTrigger = {
  triggerId: 'trg_1',
  type: 'orders:status_changed',
  payload: { status: 'shipped' },
  source: 'orders',
  deliverAs: 'followUp',
  summary: 'Order 7 shipped',
  ts: '2026-01-01T00:00:00.000Z',
  runnerId: '019a9f3e-0000-7000-8000-000000000001',
  subscriptionIds: ['sub_1'],
};

const tunnel: TunnelView = {
  tunnelId: 'tun_1',
  runnerId: trigger.runnerId,
  sessionId: '019a9f3e-0000-7000-8000-000000000002',
  serviceId: null,
  port: 5173,
  name: 'Vite',
  ownerId: 'usr_1',
  openedBy: 'agent',
  origin: null,
  url: 'http://127.0.0.1:7492/open-tunnel/abc',
  createdAt: trigger.ts,
};

describe('an agent', () => {
  it('subscribes by its tool, and the trigger wakes it', async () => {
    const { sessionId, session } = await startSession();
    const subscription: SubscriptionView = {
      subscriptionId: 'sub_1',
      triggerType: 'orders:status_changed',
      params: null,
      filters: null,
      filterMode: 'and',
      createdAt: trigger.ts,
      updatedAt: trigger.ts,
    };
    relay.agents.triggerAnswer = { ok: true, subscriptions: [subscription] };
    model.next(
      (answer) => answer.toolCall('subscribe_trigger', { type: 'orders:status_changed' }),
      (answer) => answer.text('Subscribed.'),
      (answer) => answer.text('It shipped.'),
    );
    relay.deliver(sessionId, 'Tell me when orders ship');
    await relay.until('it is idle', () => session.entries().length === 4 && session.activity === 'idle');
    expect(relay.agents.triggerRequests).toEqual([
      { request: 'subscribe', operationId: expect.any(String), triggerType: 'orders:status_changed', criteria: {} },
    ]);
    relay.deliver(sessionId, trigger);
    await relay.until('it has answered', () => session.entries().length === 6);
    expect(
      session
        .entries()
        .map(({ kind }) => kind)
        .slice(4),
    ).toEqual(['trigger', 'assistant']);
    expect(JSON.stringify(model.requests[2]?.messages.at(-1))).toContain('summary: Order 7 shipped');
    expect(relay.faults).toEqual([]);
  });

  it('shows a port by its tool, and knows the sigils of its services in its first turn', async () => {
    relay.agents.sigilDefs = [{ serviceId: 'github', type: 'pr', label: 'Pull request' }];
    relay.agents.tunnelAnswer = { ok: true, tunnels: [tunnel] };
    const { sessionId, session } = await startSession();
    model.next(
      (answer) => answer.toolCall('create_tunnel', { port: 5173, name: 'Vite' }),
      (answer) => answer.text('Have a look.'),
    );
    relay.deliver(sessionId, 'Show me the page');
    await relay.until('it is idle', () => session.entries().length === 4 && session.activity === 'idle');
    expect(relay.agents.tunnelRequests).toEqual([{ request: 'create', port: 5173, name: 'Vite' }]);
    expect(JSON.stringify(session.entries()[2])).toContain(tunnel.url);
    expect(JSON.stringify(model.requests[0]?.messages)).toContain('[[pr:…]]');
    expect(relay.faults).toEqual([]);
  });

  it('gets a trigger once when its worker is killed between the file and the acknowledgement', async () => {
    const { sessionId, session } = await startSession();
    session.losesAcknowledgements = true;
    model.otherwise((answer) => answer.text('Seen.'));
    relay.deliver(sessionId, trigger);
    await relay.until('the worker has it in its file', () => session.acknowledged.length === 1);
    process.kill(runner.workerPids()[0] ?? 0, 'SIGKILL');
    await relay.until('it is open again', () => session.of('session.opened').length === 2);
    await relay.until('it was delivered again', () => session.acknowledged.length === 2);
    session.losesAcknowledgements = false;
    relay.deliver(sessionId, 'And now?');
    await relay.until(
      'all is answered',
      () => session.activity === 'idle' && session.of('entry.appended').some(({ data }) => data.kind === 'user'),
    );
    expect(session.entries().filter(({ kind }) => kind === 'trigger')).toHaveLength(1);
  });
});

describe("a runner's services", () => {
  it('are announced with every connection and every change', async () => {
    using services = new ServicesFolder(join(runner.home, 'services'));
    services.write('orders', { 'manifest.json': { id: 'orders', label: 'Orders' }, 'triggers.json': [] });
    runner.start();
    const last = () => relay.announcements.at(-1);
    await relay.until('it is announced', () => relay.announcements.length === 1);
    expect(last()).toEqual({
      services: [
        {
          id: 'orders',
          label: 'Orders',
          icon: 'square',
          state: 'declared',
          error: expect.stringContaining('orders/index.ts: is missing, so nothing runs'),
          hasPanel: false,
          since: expect.any(String),
          restarts: 0,
        },
      ],
      panels: [],
      triggerDefs: [],
      sigilDefs: [],
    });

    services.write('orders', { 'triggers.json': [{ type: 'orders:status_changed', label: 'Status changed' }] });
    await relay.until('the new trigger is announced', () => last()?.triggerDefs[0]?.type === 'orders:status_changed');
    services.write('torn', { 'manifest.json': '{' });
    await relay.until('the broken one is announced', () => last()?.services[1]?.state === 'broken');
    services.remove('orders');
    await relay.until('the removal is announced', () => last()?.services.length === 1);
    expect(runner.output).toContain('torn/manifest.json');

    const before = relay.announcements.length;
    await relay.stop();
    await relay.start();
    await relay.until('it is announced again', () => relay.announcements.length > before);
    expect(relay.announcements.at(-1)).toEqual(relay.announcements[before - 1]);
    expect(relay.faults).toEqual([]);
  });
});
