import type { SessionView, TranscriptPage } from '@pizzapi/protocol';
import { type RelayApi, type RunnerProcess, TestViewer, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownRunner } from './scenarios/own-runner.js';
import { oneRelay, type Topology } from './topologies/topology.js';

/** The built product, with sessions that are paused after a second. */
describe('a session at rest', () => {
  let product: Topology;
  let runner: RunnerProcess;
  let owner: RelayApi;

  beforeAll(async () => {
    product = await oneRelay();
    ({ owner, runner } = await ownRunner(product, { PIZZAPI_PAUSE_AFTER_SECONDS: '1' }));
  });
  afterAll(async () => {
    await runner.stop();
    await product.stop();
  });

  it('is paused, and woken again and again by triggers and messages, each answered once and seen by its viewer', async () => {
    const { body } = await owner.post<{ sessionId: string }>('/api/sessions', { runnerId: runner.runnerId });
    const { sessionId } = body;
    const path = `/api/sessions/${sessionId}`;
    const viewer = new TestViewer(product.url, owner.apiKey ?? '', sessionId, 0);
    const heard = async (): Promise<string[]> =>
      (await owner.get<TranscriptPage>(`${path}/transcript?limit=200`)).body.entries
        .filter(({ kind }) => kind === 'user' || kind === 'trigger' || kind === 'assistant')
        .map(({ kind }) => kind)
        // An answer may have several parts.
        .filter((kind, at, kinds) => kind !== 'assistant' || kinds[at - 1] !== kind);
    const paused = (times: number): Promise<unknown> =>
      waitFor(
        async () =>
          viewer.events.filter(({ type }) => type === 'session.closed').length === times &&
          (await owner.get<SessionView>(path)).body.activity === 'paused',
        { description: `it is paused for the ${times}. time`, timeoutMs: 60_000 },
      );

    await paused(1);
    expect((await owner.post(`${path}/trigger`, { type: 'time:tick', payload: { n: 1 } })).status).toBe(202);
    await paused(2);
    // Also while its worker is on its way out: nobody knows when exactly that is.
    expect((await owner.post(`${path}/input`, { text: 'Good morning' })).status).toBe(202);
    await paused(3);
    expect((await owner.get<SessionView>(path)).body).toMatchObject({ status: 'active', isConnected: false });
    expect(await heard()).toEqual(['trigger', 'assistant', 'user', 'assistant']);
    await viewer.reached((await owner.get<SessionView>(path)).body.lastEventSeq);
    expect(viewer.count).toMatchObject({ duplicates: 0, gaps: 0, foreign: 0 });
    viewer.stop();
  });
});
