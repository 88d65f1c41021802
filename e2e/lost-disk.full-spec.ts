import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeadLetterView, RunnerView, SessionView, TranscriptPage } from '@pizzapi/protocol';
import { RelayApi, removeFolder, RunnerProcess, temporaryFolder, waitFor } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneRelay, type Topology } from './topologies/topology.js';

/** What `docs/durability.md` says of the loss of the runner's disk. */
describe('a runner that lost its disk', () => {
  let product: Topology;
  let owner: RelayApi;
  let home: string;
  let runner: RunnerProcess;
  let sessionId: string;
  let before: TranscriptPage;

  beforeEach(async () => {
    product = await oneRelay();
    owner = await new RelayApi(product.url).register('ada@example.com');
    home = await temporaryFolder('lost-disk');
    await mkdir(join(home, 'code'));
    const apiKey = owner.apiKey ?? '';
    runner = await RunnerProcess.start({ home, relayUrl: product.url, roots: [join(home, 'code')], apiKey });
    const { runnerId } = runner;
    const prompt = 'Good morning';
    const { status, body } = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId, prompt });
    expect(status).toBe(202);
    ({ sessionId } = body);
    await waitFor(
      async () =>
        (await session()).activity === 'idle' && (await transcript()).entries.some(({ kind }) => kind === 'assistant'),
      { description: 'it has answered', timeoutMs: 60_000 },
    );
    before = await transcript();
    await runner.stop();
  });
  afterEach(async () => {
    await runner.stop();
    await removeFolder(home);
    await product.stop();
  });

  it('and is the same one: what was said stays readable, what waits is a dead letter once its session cannot go on', async () => {
    const identity = await readFile(join(home, 'runner.json'), 'utf8');
    await lose();
    await writeFile(join(home, 'runner.json'), identity);
    const triggerId = await fire();
    await runner.start();
    // It knows of none of its sessions, and says nothing of them.
    await waits(triggerId);
    expect((await owner.post(`/api/sessions/${sessionId}/stop`)).status).toBeLessThan(300);
    await expect.poll(session).toMatchObject({ status: 'ended' });
    await waits(triggerId);
    expect((await owner.post(`/api/sessions/${sessionId}/resume`)).status).toBe(202);
    await expect
      .poll(session, { timeout: 60_000 })
      .toMatchObject({ status: 'failed', failure: { code: 'session_file_missing' } });
    await expect.poll(letters).toMatchObject([{ triggerId, sessionId }]);
    expect(await transcript()).toEqual(before);
    // It works on.
    expect((await owner.post('/api/sessions', { runnerId: runner.runnerId, prompt: 'Another' })).status).toBe(202);
  });

  it('and with it who it was: what was said stays readable, what waits still does when the old runner has been removed', async () => {
    const { runnerId: old } = runner;
    await lose();
    const triggerId = await fire();
    await runner.start();
    expect(runner.runnerId).not.toBe(old);
    expect((await owner.get<RunnerView>(`/api/runners/${old}`)).body.online).toBe(false);
    await waits(triggerId);
    expect(await transcript()).toEqual(before);
    expect((await owner.post(`/api/sessions/${sessionId}/stop`)).status).toBeLessThan(300);
    expect((await owner.delete(`/api/runners/${old}`)).status).toBe(204);
    expect(await owner.post(`/api/sessions/${sessionId}/resume`)).toMatchObject({
      status: 409,
      body: { code: 'runner_removed' },
    });
    await waits(triggerId);
    expect(await transcript()).toEqual(before);
  });

  async function lose(): Promise<void> {
    await rm(home, { recursive: true });
    await mkdir(join(home, 'code'), { recursive: true });
  }

  /** @returns the trigger's id */
  async function fire(): Promise<string> {
    const answer = await owner.post<{ triggerId: string }>(`/api/sessions/${sessionId}/trigger`, {
      type: 'time:tick',
      payload: {},
    });
    expect(answer.status).toBe(202);
    return answer.body.triggerId;
  }

  async function waits(triggerId: string): Promise<void> {
    const { body } = await owner.get<{ triggers: { triggerId: string }[] }>(
      `/api/sessions/${sessionId}/waiting-triggers`,
    );
    expect(body.triggers).toMatchObject([{ triggerId }]);
  }

  async function session(): Promise<SessionView> {
    return (await owner.get<SessionView>(`/api/sessions/${sessionId}`)).body;
  }

  async function transcript(): Promise<TranscriptPage> {
    return (await owner.get<TranscriptPage>(`/api/sessions/${sessionId}/transcript?limit=200`)).body;
  }

  async function letters(): Promise<DeadLetterView[]> {
    return (await owner.get<{ deadLetters: DeadLetterView[] }>('/api/dead-letters')).body.deadLetters;
  }
});
