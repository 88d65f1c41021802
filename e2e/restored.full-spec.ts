import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeliveryView, SessionView, TranscriptPage } from '@pizzapi/protocol';
import {
  gate,
  type RelayApi,
  type RunnerProcess,
  type ScriptedModel,
  startScriptedModel,
  waitFor,
  wordsUntil,
} from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownRunner } from './scenarios/own-runner.js';
import { messageIdsInFile } from './scenarios/session-messages.js';
import { oneRelay, type Topology } from './topologies/topology.js';

const run = promisify(execFile);

/** The fewest events of a session that a relay keeps in Redis, which forgets them by some hundreds. */
const FEWEST_EVENTS = { PIZZAPI_RELAY_EVENT_BUFFER_SIZE: '100' };
const MORE_EVENTS = 600;

/** What `docs/durability.md` says of backups: taken while the relay runs, put back after a crash. */
describe('a database that is restored from a backup', () => {
  let model: ScriptedModel;
  let product: Topology;
  let runner: RunnerProcess;
  let owner: RelayApi;

  beforeEach(async () => {
    model = await startScriptedModel();
    model.otherwise((answer) => answer.text('That is done.'));
  });
  afterEach(async () => {
    await runner.stop();
    await product.stop();
    await model.close();
  });

  async function begin(settings: Record<string, string> = {}): Promise<void> {
    product = await oneRelay(settings);
    await mkdir(join(product.home, 'agent'), { recursive: true });
    await writeFile(join(product.home, 'agent', 'models.json'), JSON.stringify(model.modelsJson));
    ({ owner, runner } = await ownRunner(product));
  }

  it('has what came since from Redis; what waited there arrives, once', async () => {
    await begin();
    const sessionId = await start();
    await says(sessionId, 'Before');
    await inMidTurn(sessionId, backUp);
    await says(sessionId, 'After');
    const late = await start();
    await says(late, 'Too late');
    await runner.stop();
    const { triggerId } = await post<{ triggerId: string }>(`/api/sessions/${sessionId}/trigger`, {
      type: 'time:tick',
      payload: {},
    });
    await restore();
    await runner.start();
    const state = async (): Promise<string | undefined> =>
      (await owner.get<{ deliveries: DeliveryView[] }>(`/api/triggers/${triggerId}`)).body.deliveries[0]?.state;
    await expect.poll(state, { timeout: 60_000 }).toBe('received');
    await atRest(sessionId);
    await expect.poll(() => transcript(sessionId)).toEqual(inFile(sessionId));
    expect((await entries(sessionId)).filter(({ kind }) => kind === 'trigger')).toHaveLength(1);
    // The relay has never heard of it. Its file is where it was.
    expect((await owner.get(`/api/sessions/${late}`)).status).toBe(404);
    expect(inFile(late)).toHaveLength(2);
  });

  it('has what Redis keeps no longer from the sessions’ own files, in its order: at once, or when they are resumed', async () => {
    await begin(FEWEST_EVENTS);
    const [stays, ends] = [await start(), await start()];
    for (const sessionId of [stays, ends]) await says(sessionId, 'Before');
    await inMidTurn(stays, backUp);
    for (const sessionId of [stays, ends]) {
      const { lastEventSeq } = await session(sessionId);
      await inMidTurn(sessionId, () =>
        waitFor(async () => (await session(sessionId)).lastEventSeq > lastEventSeq + MORE_EVENTS, {
          description: 'Redis has forgotten what the backup lacks',
          timeoutMs: 120_000,
        }),
      );
      await says(sessionId, 'After');
    }
    expect((await owner.post(`/api/sessions/${ends}/stop`)).status).toBeLessThan(300);
    await expect.poll(async () => (await session(ends)).status).toBe('ended');
    await restore();

    await expect.poll(() => transcript(stays), { timeout: 60_000 }).toEqual(inFile(stays));
    await atRest(stays);
    // No worker has told of it yet: it ends early, but is whole as far as it goes.
    await expect.poll(async () => (await session(ends)).status).toBe('ended');
    const known = await transcript(ends);
    expect(known).toEqual(inFile(ends).slice(0, known.length));
    expect((await owner.post(`/api/sessions/${ends}/resume`)).status).toBe(202);
    await expect.poll(() => transcript(ends), { timeout: 60_000 }).toEqual(inFile(ends));
    for (const sessionId of [stays, ends]) {
      await says(sessionId, 'Since then');
      await expect.poll(() => transcript(sessionId)).toEqual(inFile(sessionId));
    }
  });

  const database = (): string => join(product.home, 'relay', 'pizzapi.db');
  const copy = (): string => join(product.home, 'copy.db');

  async function backUp(): Promise<void> {
    await run('sqlite3', [database(), `.backup ${copy()}`]);
  }

  async function restore(): Promise<void> {
    const [relay] = product.relays;
    await relay?.kill('SIGKILL');
    for (const rest of ['-wal', '-shm']) await rm(database() + rest, { force: true });
    await copyFile(copy(), database());
    await relay?.start();
  }

  async function post<T>(path: string, body: object): Promise<T> {
    const answer = await owner.post<T>(path, body);
    expect(answer.status).toBe(202);
    return answer.body;
  }

  async function start(): Promise<string> {
    return (await post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId })).sessionId;
  }

  async function session(sessionId: string): Promise<SessionView> {
    return (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  async function atRest(sessionId: string): Promise<void> {
    await waitFor(async () => (await session(sessionId)).activity === 'idle', {
      description: 'it is at rest',
      timeoutMs: 60_000,
    });
  }

  /** A whole turn. */
  async function says(sessionId: string, text: string): Promise<void> {
    const before = model.requests.length;
    await post(`/api/sessions/${sessionId}/input`, { text });
    await waitFor(() => model.requests.length > before, { description: 'the model is asked', timeoutMs: 60_000 });
    await atRest(sessionId);
  }

  /** Does something while a turn streams, and lets it end. */
  async function inMidTurn(sessionId: string, act: () => Promise<unknown>): Promise<void> {
    const end = gate();
    const { lastEventSeq } = await session(sessionId);
    model.next(wordsUntil(end));
    await post(`/api/sessions/${sessionId}/input`, { text: 'At length' });
    await waitFor(async () => (await session(sessionId)).lastEventSeq > lastEventSeq + 10, {
      description: 'it streams',
      timeoutMs: 60_000,
    });
    await act();
    end.open();
    await atRest(sessionId);
  }

  async function entries(sessionId: string): Promise<TranscriptPage['entries']> {
    return (await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`)).body.entries;
  }

  async function transcript(sessionId: string): Promise<string[]> {
    return (await entries(sessionId)).map(({ entryId }) => entryId);
  }

  function inFile(sessionId: string): string[] {
    return messageIdsInFile(product.home, sessionId);
  }
});
