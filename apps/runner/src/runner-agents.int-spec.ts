import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Attachment, DeliveredTrigger, SubscriptionView, TunnelView } from '@pizzapi/protocol';
import { addOvenLog, killProcess, ovenLog, type ScriptedModel } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FakeRelay } from '../testing/fake-relay.js';
import { RunnerBed } from '../testing/runner-bed.js';
import { buildRunner, type TestRunner } from '../testing/test-runner.js';

// Several processes that each load pi: on a busy machine one start takes many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** One runner for all: each test has a session of its own. */
let bed: RunnerBed;
let model: ScriptedModel;
let relay: FakeRelay;
let runner: TestRunner;

beforeAll(async () => {
  buildRunner();
  bed = await RunnerBed.create({ env: { PIZZAPI_MAX_TOOL_OUTPUT_BYTES: '4096' } });
  ({ model, relay, runner } = bed);
  await addOvenLog(join(runner.home, 'agent'));
  runner.start();
});
afterEach(({ task }) => {
  if (task.result?.state === 'fail') console.error(bed.account);
});
afterAll(() => bed[Symbol.asyncDispose]());

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

const notes: Attachment = {
  attachmentId: `att_${randomUUID()}`,
  name: 'notes.txt',
  mediaType: 'text/plain',
  size: 5,
  isImage: false,
};

describe('an agent', () => {
  it('subscribes by its tool, and the trigger wakes it', async () => {
    const { sessionId, session } = await bed.startSession();
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
    expect(JSON.stringify(model.requests.at(-1)?.messages.at(-1))).toContain('summary: Order 7 shipped');
    expect(relay.faults).toEqual([]);
  });

  it('shows a port by its tool, and knows the sigils of its services in its first turn', async () => {
    relay.agents.sigilDefs = [{ serviceId: 'github', type: 'pr', label: 'Pull request' }];
    relay.agents.tunnelAnswer = { ok: true, tunnels: [tunnel] };
    const { sessionId, session } = await bed.startSession();
    model.next(
      (answer) => answer.toolCall('create_tunnel', { port: 5173, name: 'Vite' }),
      (answer) => answer.text('Have a look.'),
    );
    relay.deliver(sessionId, 'Show me the page');
    await relay.until('it is idle', () => session.entries().length === 4 && session.activity === 'idle');
    expect(relay.agents.tunnelRequests).toEqual([{ request: 'create', port: 5173, name: 'Vite' }]);
    expect(JSON.stringify(session.entries()[2])).toContain(tunnel.url);
    expect(JSON.stringify(model.requests.at(-2)?.messages)).toContain('[[pr:…]]');
    expect(relay.faults).toEqual([]);
  });

  it('sends as much of what a tool puts out as its runner is set to, and hands over all of it', async () => {
    const begun = await bed.startSession();
    model.next(
      (answer) => answer.toolCall('oven_log', { lines: 9_000 }),
      (answer) => answer.text('Read.'),
    );
    await bed.turn(begun);
    const result = begun.session.entries().find(({ kind }) => kind === 'tool');
    const bytes = Buffer.byteLength(ovenLog(9_000));
    expect(result?.outputBytes).toBe(bytes);
    expect(JSON.stringify(result).length).toBeLessThan(5_000);
    expect(JSON.stringify(result)).toContain('output cut here: more than 4 KiB');

    const entryId = result?.entryId ?? '';
    const first = await relay.readOutput(begun.sessionId, { entryId, from: 0 });
    const second = await relay.readOutput(begun.sessionId, { entryId, from: (first.ok && first.next) || 0 });
    expect([first, second]).toMatchObject([
      { ok: true, bytes },
      { ok: true, bytes, next: null },
    ]);
    expect([first, second].map((piece) => piece.ok && piece.text).join('') === ovenLog(9_000)).toBe(true);
    expect(await relay.readOutput(begun.sessionId, { entryId: 'none', from: 0 })).toMatchObject({
      ok: false,
      problem: { code: 'entry_unknown' },
    });
    expect(await relay.readOutput(begun.sessionId, { entryId, from: -1 })).toMatchObject({
      ok: false,
      problem: { code: 'malformed_message' },
    });
  });

  it('gets a trigger once when its worker is killed between the file and the acknowledgement', async () => {
    const { sessionId, session } = await bed.startSession();
    session.losesAcknowledgements = true;
    relay.deliver(sessionId, trigger);
    await relay.until('the worker has it in its file', () => session.acknowledged.length === 1);
    killProcess(runner.workerPids(sessionId)[0]);
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

  it('waits for the files of a message, and takes what came after it in its order', async () => {
    const { agents } = relay;
    agents.attachmentAnswer = { ok: false, problem: { code: 'internal_error', detail: 'The database is away.' } };
    const begun = await bed.startSession();
    const { sessionId, session } = begun;
    relay.deliver(sessionId, 'Read this', [notes]);
    relay.deliver(sessionId, 'And then this');
    await relay.until('it has asked again', () => agents.attachmentRequests.length > 1);
    expect(session.acknowledged).toEqual([]);

    agents.attachmentAnswer = { ok: true, base64: Buffer.from('hello').toString('base64') };
    await relay.until('it has both', () => session.inbox.length === 0);
    const said = () => session.entries().filter(({ kind }) => kind === 'user');
    const isAnswered = (): boolean => session.activity === 'idle' && session.entries().at(-1)?.kind === 'assistant';
    await relay.until('both are answered', () => said().length === 2 && isAnswered());
    expect(said().map(({ content }) => content)).toMatchObject([
      { content: 'Read this', details: { attachments: [notes] } },
      { content: 'And then this' },
    ]);
    bed.expectTranscriptLikeFile(begun);
  });
});
