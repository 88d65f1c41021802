import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionView, TranscriptPage } from '@pizzapi/protocol';
import {
  gate,
  RelayApi,
  type RunnerProcess,
  ScriptedRunner,
  type ScriptedWorker,
  type ScriptedModel,
  startScriptedModel,
  TestViewer,
  waitFor,
  wordsUntil,
} from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownRunner } from './scenarios/own-runner.js';
import { messageIdsInFile } from './scenarios/session-messages.js';
import { triggersSurvive } from './scenarios/triggers-survive.js';
import { failingOver } from './topologies/topology.js';

type Product = Awaited<ReturnType<typeof failingOver>>;

describe('a primary that dies with what its replica has not got', () => {
  let product: Product;
  let ada: RelayApi;
  let runner: ScriptedRunner;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    product = await failingOver();
    ada = await new RelayApi(product.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(ada);
    worker = await runner.startSession();
  });
  afterAll(async () => {
    worker.stop();
    runner.stop();
    await product.stop();
  });

  it.each([
    ['a trigger', 'trigger', { type: 'time:tick', payload: {} }],
    ['an input', 'input', { text: 'Slice it' }],
  ])('%s that was not accepted, and is repeated with its key, happens once', async (_name, path, body) => {
    const before = worker.received.length;
    const post = said(path, body);
    product.redis.cutReplica();
    expect(await post()).toBe(503);
    // Whatever it has done by now.
    await product.redis.failOver();
    await waitFor(async () => (await post()) === 202, { description: 'it is accepted' });
    const last = said('input', { text: 'The last' });
    await waitFor(async () => (await last()) === 202, { description: 'so is what comes after it' });
    await waitFor(() => worker.received.at(-1)?.text === 'The last', { description: 'the worker has all' });
    expect(worker.received.slice(before).map(({ kind }) => kind)).toEqual([path, 'input']);
  });

  /** @returns asks, each time with the same key */
  function said(path: string, body: object): () => Promise<number> {
    const headers = { 'idempotency-key': randomUUID() };
    return async () => (await ada.post(`/api/sessions/${worker.sessionId}/${path}`, body, headers)).status;
  }
});

describe('sessions whose Redis fails over while they stream', () => {
  let model: ScriptedModel;
  let product: Product;
  let runner: RunnerProcess;
  let owner: RelayApi;

  beforeAll(async () => {
    model = await startScriptedModel();
    model.otherwise((answer) => answer.text('That is done.'));
    product = await failingOver();
    await mkdir(join(product.home, 'agent'), { recursive: true });
    await writeFile(join(product.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
    ({ owner, runner } = await ownRunner(product));
  });
  afterAll(async () => {
    await runner.stop();
    await product.stop();
    await model.close();
  });

  it('lose nothing of what they finish: also not what the replica never got, and viewers see all of it', async () => {
    const created = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    expect(created.status).toBe(202);
    const { sessionId } = created.body;
    const viewer = new TestViewer(product.url, owner.apiKey ?? '', sessionId, 0);
    for (const isBehind of [false, true, false, true]) {
      const [midst, end] = [gate(), gate()];
      model.next(wordsUntil(midst), wordsUntil(end));
      expect((await owner.post(`/api/sessions/${sessionId}/input`, { text: 'Go on' })).status).toBe(202);
      await news(viewer);
      if (isBehind) product.redis.cutReplica();
      // A whole message, and the call of a tool, of which the relay has heard.
      const finished = messageIdsInFile(product.home, sessionId).length + 2;
      midst.open();
      await waitFor(() => messageIdsInFile(product.home, sessionId).length >= finished, {
        description: 'more is finished',
      });
      await news(viewer);
      await product.redis.failOver();
      end.open();
      await whole(sessionId, viewer);
    }
    expect(viewer.count).toMatchObject({ duplicates: 0, gaps: 0, foreign: 0 });
    const shown = [
      ...(viewer.page?.entries ?? []).map(({ entryId }) => entryId),
      ...viewer.events.flatMap((event) => (event.type === 'entry.appended' ? [event.data.entryId] : [])),
    ];
    expect(new Set(shown)).toEqual(new Set(messageIdsInFile(product.home, sessionId)));
    expect(viewer.count.resyncs).toBeGreaterThan(0);
    viewer.stop();
  });

  /** Some more words. */
  async function news(viewer: TestViewer): Promise<void> {
    const before = viewer.events.length;
    await waitFor(() => viewer.events.slice(before).some(({ type }) => type === 'message.delta'), {
      description: 'the agent streams',
    });
  }

  /** At rest, with the file's messages in the transcript, each once and in one order; the viewer has seen the last of them. */
  async function whole(sessionId: string, viewer: TestViewer): Promise<void> {
    const session = async (): Promise<SessionView> => (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
    const transcript = async (): Promise<string[]> =>
      (await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`)).body.entries.map(
        ({ entryId }) => entryId,
      );
    const ends = (): boolean => model.requests.at(-1)?.messages.at(-1)?.role === 'tool';
    await waitFor(async () => ends() && (await session()).activity === 'idle', {
      description: 'it is at rest',
      timeoutMs: 60_000,
    });
    await expect.poll(transcript).toEqual(messageIdsInFile(product.home, sessionId));
    await viewer.reached((await session()).lastEventSeq);
  }
});

describe('while Redis fails over, among other faults', () => {
  triggersSurvive(failingOver, {
    sessions: 6,
    listeners: 2,
    oneInPerSession: 10,
    oneInPerListener: 50,
    inQuiet: 50,
    amongFaults: 250,
    maxPauseMs: 600,
    isLong: true,
    cutMs: 2_000,
    timeoutMs: 600_000,
  });
});
